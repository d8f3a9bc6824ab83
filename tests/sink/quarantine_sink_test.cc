// What becomes of suspects, and of a quarantine file when there are none.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "sink/handmade_batch.h"
#include "sink/scratch_dir.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

std::string Encoded(const HandmadeBatch& batch, const Sink& sink) {
  OutputBuffer out;
  sink.Encode(batch.batch(), &out);
  return std::string(AsText({out.data(), out.size()}));
}

TEST(QuarantineSinkTest, ExactBytes) {
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated, "fine");
  batch.AddRow(kNoKey, kNoKey, "data");
  batch.AddKinesisRecord(Verdict::kNotAggregated, "fine");
  batch.AddKinesisRecord(Verdict::kEmptyAggregate, "fine");
  batch.AddKinesisRecord(Verdict::kDigestMismatch, "bad", 12, 4, 0);
  batch.AddKinesisRecord(Verdict::kMalformed, "", UINT64_MAX, UINT64_MAX, 1);
  batch.AddKinesisRecord(Verdict::kKeyIndexOutOfRange, "\xff", 0, 1, 2);
  batch.AddKinesisRecord(Verdict::kOpaqueSpan, "span", 5, 4, 0);
  const auto sink =
      OpenQuarantine("unused", {"a.bin", "dir/\"b\"\n", "\xff.bin"});
  EXPECT_EQ(
      Encoded(batch, *sink),
      R"({"source":"a.bin","offset":12,"length":4,"verdict":"digest_mismatch","data":"YmFk"})"
      "\n"
      R"({"source":"dir/\"b\"\n","offset":18446744073709551615,"length":18446744073709551615,"verdict":"malformed","data":""})"
      "\n"
      R"({"sourceBase64":"/y5iaW4=","offset":0,"length":1,"verdict":"key_index_out_of_range","data":"/w=="})"
      "\n"
      R"({"source":"a.bin","offset":5,"length":4,"verdict":"opaque_span","data":"c3Bhbg=="})"
      "\n");
}

TEST(QuarantineSinkTest, EachLineParses) {
  HandmadeBatch batch;
  for (size_t size = 0; size < 100; ++size) {
    batch.AddKinesisRecord(Verdict::kMalformed, std::string(size, '\x01'), size,
                           size);
  }
  std::istringstream lines(Encoded(batch, *OpenQuarantine("unused", {"x"})));
  std::string line;
  for (size_t size = 0; size < 100; ++size) {
    ASSERT_TRUE(std::getline(lines, line));
    const auto suspect = nlohmann::json::parse(line);
    EXPECT_EQ(suspect.at("offset"), size);
    EXPECT_EQ(suspect.at("data").get<std::string>().size(), (size + 2) / 3 * 4);
  }
}

TEST(QuarantineSinkTest, TheFileIsMadeByTheFirstSuspect) {
  const ScratchDir directory;
  const std::string path = directory.File("suspects");
  const auto sink = OpenQuarantine(path, {"x"});
  ASSERT_TRUE(sink->Write({}).has_value());
  EXPECT_FALSE(Exists(path + ".partial"));
  ASSERT_TRUE(sink->Write(AsBytes("one\n")).has_value());
  EXPECT_TRUE(Exists(path + ".partial"));
  EXPECT_FALSE(Exists(path));
  ASSERT_TRUE(sink->Write(AsBytes("two\n")).has_value());
  ASSERT_TRUE(sink->Finish().has_value());
  EXPECT_EQ(ReadFile(path), "one\ntwo\n");
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(QuarantineSinkTest, DestroyedUnfinishedItLeavesWhatWasThere) {
  const ScratchDir directory;
  const std::string path = directory.File("suspects");
  WriteFile(path, "earlier");
  {
    const auto sink = OpenQuarantine(path, {"x"});
    ASSERT_TRUE(sink->Write(AsBytes("one\n")).has_value());
  }
  {
    const auto without_suspects = OpenQuarantine(path, {"x"});
  }
  EXPECT_EQ(ReadFile(path), "earlier");
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(QuarantineSinkTest, WithoutSuspectsAnEarlierFileGoes) {
  const ScratchDir directory;
  const std::string path = directory.File("suspects");
  ASSERT_TRUE(OpenQuarantine(path, {"x"})->Finish().has_value());
  EXPECT_FALSE(Exists(path));
  WriteFile(path, "earlier");
  ASSERT_TRUE(OpenQuarantine(path, {"x"})->Finish().has_value());
  EXPECT_FALSE(Exists(path));
}

TEST(QuarantineSinkTest, OnlyRegularFilesGo) {
  const ScratchDir directory;
  std::filesystem::create_directory(directory.File("dir"));
  for (const std::string& path :
       {directory.File("dir"), std::string("/dev/null"), std::string("-")}) {
    EXPECT_TRUE(OpenQuarantine(path, {"x"})->Finish().has_value());
  }
  EXPECT_TRUE(Exists(directory.File("dir")));
  EXPECT_TRUE(Exists("/dev/null"));
}

TEST(QuarantineSinkTest, BehindALinkTheFileGoesAndTheLinkStays) {
  const ScratchDir directory;
  WriteFile(directory.File("file"), "earlier");
  std::filesystem::create_symlink("file", directory.File("link"));
  ASSERT_TRUE(
      OpenQuarantine(directory.File("link"), {"x"})->Finish().has_value());
  EXPECT_FALSE(Exists(directory.File("file")));
  EXPECT_TRUE(Exists(directory.File("link")));
}

TEST(QuarantineSinkTest, SaysWhatCannotBeWritten) {
  const ScratchDir directory;
  const std::string path = directory.File("missing/suspects");
  const auto sink = OpenQuarantine(path, {"x"});
  const Result<void> written = sink->Write(AsBytes("one\n"));
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().file, path + ".partial");
}

}  // namespace
}  // namespace thresh
