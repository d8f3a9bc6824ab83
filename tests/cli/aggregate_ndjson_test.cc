// The NDJSON output of `thresh deaggregate`, through `thresh aggregate` and
// back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blob_maker.h"
#include "cli/aggregate_run.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "oracle/compress.h"

namespace thresh {
namespace {

// An archive with everything that NDJSON can represent.
std::string OddRecords() {
  BlobMaker maker;
  const auto add = [&maker](std::string_view key, std::string_view data,
                            std::optional<std::string_view> hash_key = {}) {
    maker.Add({key, AsBytes(data), hash_key});
  };
  add("key", "data");
  add("empty", "");
  add("", "empty key");
  add("text \"\\\n\x01 \xC3\xA9", "quotes \" and \\ and \r\n", "12");
  add("\xFF\xFE", "key that is no text", "\xFE");
  add("hash", "empty hash key", "");
  add("hash", "hash key", "340282366920938463463374607431768211455");
  add("binary", std::string_view("\x00\xFF\n\x80", 4));
  add("json", R"({"a":[1,2.50,"x\u00e9",null],"data":{"data":1}})");
  add("json", R"("a string")");
  add("json", "12");
  add("json", "null");
  add("deep", std::string(1024, '[') + std::string(1024, ']'));
  add("no json", "{\"a\":");
  add("no json", "123456789012345678901234567890");
  return maker.Take();
}

class NdjsonRoundTrip : public AggregateRun,
                        public testing::WithParamInterface<const char*> {};

TEST_P(NdjsonRoundTrip, OddRecordsComeBack) {
  const std::string in = Write("in", OddRecords());
  for (const bool metadata : {false, true}) {
    std::vector<std::string> apart = {"deaggregate", in, "--data-encoding",
                                      GetParam()};
    if (metadata) apart.emplace_back("--metadata");
    const std::string lines = Write("lines", RunProgram(apart).out);
    const Outcome outcome =
        Run({lines, "--from", "ndjson", "--data-encoding", GetParam()});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(ReadFile(Out()) == ReadFile(in));
  }
}

TEST_P(NdjsonRoundTrip, LargeFileComesBack) {
  const std::string in = Write("in", LargeArchive());
  const std::string lines = directory_ / "lines";
  RunProgram(
      {"deaggregate", in, "--data-encoding", GetParam(), "-o", lines, "-q"});
  for (const std::string& content :
       {ReadFile(lines), oracle::Gzip(ReadFile(lines), 1)}) {
    const Outcome outcome = Run({Write("lines", content), "--from", "ndjson",
                                 "--data-encoding", GetParam()});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(ChecksumOf(Out()), ChecksumOf(in));
  }
}

INSTANTIATE_TEST_SUITE_P(Encodings, NdjsonRoundTrip,
                         testing::Values("base64", "text", "json"));

}  // namespace
}  // namespace thresh
