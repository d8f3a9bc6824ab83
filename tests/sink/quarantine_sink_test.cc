// How suspects are written, and what happens to a quarantine file when there
// are none.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "sink/handmade_batch.h"
#include "sink/output_text.h"
#include "sink/scratch_dir.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

std::string Encoded(const HandmadeBatch& batch, const Sink& sink) {
  return TextOf(*EncodedChunk(batch.batch(), sink));
}

Result<void> Write(std::string_view text, Sink* sink) {
  return sink->Write(ChunkOf(text, *sink).get());
}

std::unique_ptr<Sink> Open(const std::string& path,
                           const std::vector<std::string>& sources = {"x"}) {
  Result<std::unique_ptr<Sink>> sink = OpenQuarantine(path, InputList(sources));
  EXPECT_TRUE(sink.has_value());
  return *std::move(sink);
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
  const ScratchDir directory;
  const auto sink =
      Open(directory.File("unused"), {"a.bin", "dir/\"b\"\n", "\xff.bin"});
  EXPECT_EQ(
      Encoded(batch, *sink),
      R"({"source":"a.bin","offset":12,"length":4,"verdict":"digest_mismatch","reason":"none","data":"YmFk"})"
      "\n"
      R"({"source":"dir/\"b\"\n","offset":18446744073709551615,"length":18446744073709551615,"verdict":"malformed","reason":"none","data":""})"
      "\n"
      R"({"sourceBase64":"/y5iaW4=","offset":0,"length":1,"verdict":"key_index_out_of_range","reason":"none","data":"/w=="})"
      "\n"
      R"({"source":"a.bin","offset":5,"length":4,"verdict":"opaque_span","reason":"none","data":"c3Bhbg=="})"
      "\n");
}

TEST(QuarantineSinkTest, EachLineParses) {
  HandmadeBatch batch;
  for (size_t size = 0; size < 100; ++size) {
    batch.AddKinesisRecord(Verdict::kMalformed, std::string(size, '\x01'), size,
                           size);
  }
  const ScratchDir directory;
  std::istringstream lines(
      Encoded(batch, *Open(directory.File("unused"), {"x"})));
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
  const auto sink = Open(path);
  EXPECT_FALSE(Exists(path + ".partial"));
  ASSERT_TRUE(Write("one\n", sink.get()).has_value());
  EXPECT_TRUE(Exists(path + ".partial"));
  EXPECT_FALSE(Exists(path));
  ASSERT_TRUE(Write("two\n", sink.get()).has_value());
  ASSERT_TRUE(sink->Finish().has_value());
  EXPECT_EQ(ReadFile(path), "one\ntwo\n");
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(QuarantineSinkTest, DestroyedUnfinishedItLeavesWhatWasThere) {
  const ScratchDir directory;
  const std::string path = directory.File("suspects");
  WriteFile(path, "earlier");
  {
    const auto sink = Open(path);
    ASSERT_TRUE(Write("one\n", sink.get()).has_value());
  }
  {
    const auto without_suspects = Open(path);
  }
  EXPECT_EQ(ReadFile(path), "earlier");
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(QuarantineSinkTest, WithoutSuspectsAnEarlierFileGoes) {
  const ScratchDir directory;
  const std::string path = directory.File("suspects");
  ASSERT_TRUE(Open(path)->Finish().has_value());
  EXPECT_FALSE(Exists(path));
  WriteFile(path, "earlier");
  ASSERT_TRUE(Open(path)->Finish().has_value());
  EXPECT_FALSE(Exists(path));
}

TEST(QuarantineSinkTest, OnlyRegularFilesGo) {
  for (const std::string& path : {std::string("/dev/null"), std::string("-")}) {
    EXPECT_TRUE(Open(path)->Finish().has_value());
  }
  EXPECT_TRUE(Exists("/dev/null"));
}

TEST(QuarantineSinkTest, ALinkGoesAndItsFileStays) {
  const ScratchDir directory;
  WriteFile(directory.File("file"), "somebody's");
  for (const std::string to : {"file", "nowhere"}) {
    std::filesystem::create_symlink(to, directory.File("link"));
    ASSERT_TRUE(Open(directory.File("link"))->Finish().has_value());
    EXPECT_FALSE(Exists(directory.File("link")));
    std::filesystem::create_symlink(to, directory.File("link"));
    const auto sink = Open(directory.File("link"));
    ASSERT_TRUE(Write("one\n", sink.get()).has_value());
    ASSERT_TRUE(sink->Finish().has_value());
    EXPECT_FALSE(std::filesystem::is_symlink(directory.File("link")));
    EXPECT_EQ(ReadFile(directory.File("link")), "one\n");
    std::filesystem::remove(directory.File("link"));
  }
  EXPECT_EQ(ReadFile(directory.File("file")), "somebody's");
  EXPECT_FALSE(Exists(directory.File("nowhere")));
}

TEST(QuarantineSinkTest, ALinkThatWasGivenByTheUserStays) {
  const ScratchDir directory;
  std::filesystem::create_symlink("file", directory.File("link"));
  Result<std::unique_ptr<Sink>> sink =
      OpenQuarantine(directory.File("link"), InputList({"x"}),
                     {.stale = StaleQuarantine::kKeep});
  ASSERT_TRUE(sink.has_value());
  ASSERT_TRUE(Write("one\n", sink->get()).has_value());
  ASSERT_TRUE((*sink)->Finish().has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(directory.File("link")));
  EXPECT_EQ(ReadFile(directory.File("file")), "one\n");
}

TEST(QuarantineSinkTest, GetsInNobodysWayBeforeTheFirstSuspect) {
  const ScratchDir directory;
  const std::string path = directory.File("suspects");
  const auto writing = Open(path);
  ASSERT_TRUE(Write("one\n", writing.get()).has_value());
  const auto waiting = Open(path);
  EXPECT_FALSE(Write("two\n", waiting.get()).has_value());
  ASSERT_TRUE(writing->Finish().has_value());
  EXPECT_EQ(ReadFile(path), "one\n");
  EXPECT_TRUE(Write("two\n", waiting.get()).has_value());
  ASSERT_TRUE(waiting->Finish().has_value());
  EXPECT_EQ(ReadFile(path), "two\n");
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(path).parent_path())) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1U);
}

TEST(QuarantineSinkTest, SaysAtOnceWhatCannotBeWritten) {
  const ScratchDir directory;
  const std::string path = directory.File("missing/suspects");
  const auto sink = OpenQuarantine(path, InputList({"x"}));
  ASSERT_FALSE(sink.has_value());
  EXPECT_EQ(sink.error().file, path + ".partial");
}

}  // namespace
}  // namespace thresh
