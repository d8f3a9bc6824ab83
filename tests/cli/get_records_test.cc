// Archives of get-records responses, written by `thresh aggregate` and `thresh
// generate`: complete, within the service's limits, and read back unchanged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/aggregate_run.h"
#include "oracle/json_run.h"
#include "oracle/reference_json.h"
#include "sanitized.h"

namespace thresh {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr size_t kResponseData = size_t{10} << 20;

class GetRecords : public AggregateRun {
 protected:
  // Packs these lines, with one record per line if there are that many, and
  // reads Out().
  void Respond(const std::string& lines, std::vector<std::string> more = {}) {
    more.insert(more.end(), {Write("in", lines), "--from", "lines", "--key",
                             "k", "--container", "get-records-json"});
    const Outcome outcome = Run(more);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    responses_ = ParseLines(ReadFile(Out()));
  }

  [[nodiscard]] std::vector<size_t> Counts() const {
    std::vector<size_t> counts;
    for (const nlohmann::json& response : responses_) {
      counts.push_back(response["Records"].size());
    }
    return counts;
  }

  std::vector<nlohmann::json> responses_;
};

std::string Repeat(size_t count, std::string_view line) {
  std::string lines;
  for (size_t i = 0; i < count; ++i) lines += line;
  return lines;
}

TEST_F(GetRecords, ResponsesAreWhole) {
  Respond(Repeat(20'001, "line\n"), {"--max-records", "1"});
  EXPECT_THAT(Counts(), ElementsAre(10'000, 10'000, 1));
  std::vector<int> behind;
  std::vector<std::string> iterators;
  uint64_t records = 0;
  for (const nlohmann::json& response : responses_) {
    EXPECT_EQ(response.size(), 3U);
    behind.push_back(response["MillisBehindLatest"]);
    iterators.push_back(response["NextShardIterator"]);
    for (const nlohmann::json& record : response["Records"]) {
      EXPECT_EQ(record.size(), 5U);
      const std::string number = record["SequenceNumber"];
      EXPECT_EQ(std::stoull(number.substr(36)), records++);
    }
  }
  EXPECT_THAT(behind, ElementsAre(1, 1, 0));
  EXPECT_NE(iterators[0], iterators[1]);
  EXPECT_NE(iterators[1], iterators[2]);
}

TEST_F(GetRecords, AResponseHas10000Records) {
  const auto counts_of = [this](size_t lines) {
    Respond(Repeat(lines, "x\n"), {"--max-records", "1"});
    return Counts();
  };
  EXPECT_THAT(counts_of(0), IsEmpty());
  EXPECT_THAT(ReadFile(Out()), IsEmpty());
  EXPECT_THAT(counts_of(9999), ElementsAre(9999));
  EXPECT_THAT(counts_of(10'000), ElementsAre(10'000));
  EXPECT_THAT(counts_of(10'001), ElementsAre(10'000, 1));
}

TEST_F(GetRecords, AResponseHas10MiB) {
  const std::string line = std::string(kResponseData / 10, 'x') + "\n";
  std::string lines = Repeat(10, line);
  const auto counts_of = [this](const std::string& content) {
    Respond(content, {"--too-large", "plain"});
    return Counts();
  };
  EXPECT_THAT(counts_of(lines), ElementsAre(10));
  EXPECT_THAT(counts_of(lines + "x\n"), ElementsAre(10, 1));
  // Space for all but one byte, and then for all, of a blob with one byte of
  // data.
  BlobMaker maker;
  maker.Add({"k", AsBytes("x")});
  lines.erase(0, maker.Take().size() - 1);
  EXPECT_THAT(counts_of(lines + "x\n"), ElementsAre(10, 1));
  lines.erase(0, 1);
  EXPECT_THAT(counts_of(lines + "x\n"), ElementsAre(11));
  // The largest possible record, with its key, has its own response.
  const std::string largest = std::string(kResponseData - 1, 'x') + "\n";
  EXPECT_THAT(counts_of("x\n" + largest + "x\n"), ElementsAre(1, 1, 1));
}

// With the naive reader, one response at a time.
TEST_F(GetRecords, EveryReaderFindsTheSame) {
  generator::GeneratorOptions options;
  options.records = 24'000;
  options.record_size = {1, 40};
  options.blob_size = kMinBlobLimit;
  options.plain = 0.99;
  options.data = generator::DataKind::kBinary;
  options.container = ContainerKind::kJson;
  options.json = JsonShape::kGetRecords;
  const std::string archive = Generated(options);
  std::vector<oracle::JsonRow> expected;
  size_t responses = 0;
  for (size_t at = 0; at < archive.size(); ++responses) {
    const size_t end = archive.find('\n', at) + 1;
    const auto rows = oracle::ReadJson(archive.substr(at, end - at));
    ASSERT_TRUE(rows.has_value());
    expected.insert(expected.end(), rows->begin(), rows->end());
    at = end;
  }
  EXPECT_GE(responses, 2U);
  std::vector<size_t> windows = {size_t{1} << 12, size_t{1} << 20};
  if (!kSanitized) windows.insert(windows.end(), {1 << 16, 128 << 20});
  for (const size_t window : windows) {
    for (const uint32_t jobs : {1U, 4U}) {
      Options reading;
      reading.window_bytes = window;
      reading.jobs = jobs;
      const oracle::JsonRun run = oracle::RunJson(archive, reading);
      EXPECT_TRUE(run.records == expected) << window;
      EXPECT_EQ(run.spans.size(), expected.size());
      EXPECT_TRUE(run.errors.empty());
    }
  }
}

TEST_F(GetRecords, HoldWhatTheArchiveHolds) {
  const std::string in = Write("in", LargeArchive(120'000));
  const std::vector<std::string> options = {
      in, "--container", "get-records-json", "--blob-size", "50KiB"};
  EXPECT_EQ(Run(options).status, 0);
  const std::string archive = ReadFile(Out());
  EXPECT_GE(ParseLines(archive).size(), 2U);
  EXPECT_EQ(ChecksumOf(Out()), ChecksumOf(in));
  const Outcome piped =
      RunProgram({"verify", "-", "--content-checksum", "--summary", "json"},
                 {.pipe = archive, .stdout_path = {}, .directory = {}});
  EXPECT_EQ(ParseJson(piped.out)["content_checksum"], ChecksumOf(in));
  auto single = options;
  single.insert(single.end(), {"-j", "1"});
  EXPECT_EQ(Run(single).status, 0);
  EXPECT_TRUE(ReadFile(Out()) == archive);
}

}  // namespace
}  // namespace thresh
