// Chunks of the engine's text sinks: filled, cleared and filled again, and
// written to outputs of any kind.
#include "thresh/chunk.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sink/handmade_batch.h"
#include "sink/output_text.h"
#include "sink/scratch_dir.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

// Records with `data`, and a bad line.
HandmadeBatch RecordsAndABadLine(const std::vector<std::string>& data) {
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated);
  for (const std::string& one : data) {
    batch.AddRow(batch.AddPartitionKey("key of " + one.substr(0, 10)), kNoKey,
                 one);
  }
  batch.AddKinesisRecord(Verdict::kDigestMismatch, data[0], 5, 10);
  batch.AddKinesisRecord(Verdict::kOpaqueSpan, "bad line\n", 15, 8);
  KinesisRecord* const line = &batch.mutable_batch()->kinesis_records.back();
  line->bytes = line->bytes.first(8);
  line->line_end = 1;
  return batch;
}

std::vector<std::unique_ptr<Sink>> SinksOfText(const ScratchDir& directory) {
  std::vector<std::unique_ptr<Sink>> sinks;
  for (const OutputFormat format : {OutputFormat::kNdjson, OutputFormat::kLines,
                                    OutputFormat::kDelimited}) {
    sinks.push_back(*OpenSink("/dev/null", format));
  }
  sinks.push_back(*OpenQuarantine(directory.File("bad"), InputList({"x"})));
  return sinks;
}

TEST(TextChunkTest, ClearedItIsAsGoodAsNew) {
  const ScratchDir directory;
  const HandmadeBatch large =
      RecordsAndABadLine({std::string(5000, 'l'), "small", ""});
  const HandmadeBatch small = RecordsAndABadLine({"one", "two"});
  for (const std::unique_ptr<Sink>& sink : SinksOfText(directory)) {
    const std::unique_ptr<Chunk> chunk = sink->NewChunk();
    EXPECT_TRUE(chunk->empty());
    sink->Encode(large.batch(), chunk.get());
    EXPECT_FALSE(chunk->empty());
    EXPECT_GT(chunk->memory(), 0U);
    const size_t reserved = chunk->reserved_memory();
    EXPECT_GE(reserved, chunk->memory());
    chunk->Clear();
    EXPECT_TRUE(chunk->empty());
    EXPECT_FALSE(chunk->refers());
    EXPECT_EQ(chunk->memory(), 0U);
    sink->Encode(small.batch(), chunk.get());
    const std::unique_ptr<Chunk> fresh = EncodedChunk(small.batch(), *sink);
    EXPECT_EQ(TextOf(*chunk), TextOf(*fresh));
    EXPECT_EQ(chunk->memory(), fresh->memory());
    EXPECT_EQ(chunk->refers(), fresh->refers());
    EXPECT_EQ(chunk->reserved_memory(), reserved) << "memory is kept";
  }
}

std::string SuspectLine(const std::string& rest) {
  return R"({"source":"x",)" + rest + "}\n";
}

// Consecutive bad lines of several batches and chunks are one object.
TEST(QuarantineChunkTest, BadLinesAreJoinedAcrossBatchesAndChunks) {
  const ScratchDir directory;
  const std::string path = directory.File("suspects");
  const std::unique_ptr<Sink> sink =
      *OpenQuarantine(path, InputList({"x"}), {.sync = false});
  const std::unique_ptr<Chunk> chunk = sink->NewChunk();
  uint64_t offset = 0;
  const auto encode = [&] {
    HandmadeBatch batch;
    batch.AddKinesisRecord(Verdict::kOpaqueSpan, "bad\n", offset, 3);
    KinesisRecord* const line = &batch.mutable_batch()->kinesis_records.back();
    line->bytes = line->bytes.first(3);
    line->line_end = 1;
    offset += 4;
    sink->Encode(batch.batch(), chunk.get());
    EXPECT_TRUE(chunk->refers());
    return batch;  // the chunk refers to it
  };
  {
    const HandmadeBatch first = encode();
    const HandmadeBatch second = encode();
    ASSERT_TRUE(sink->Write(chunk.get()).has_value());
  }
  chunk->Clear();
  {
    const HandmadeBatch third = encode();
    HandmadeBatch whole;
    whole.AddKinesisRecord(Verdict::kMalformed, "m", 12, 1);
    sink->Encode(whole.batch(), chunk.get());
    const HandmadeBatch fourth = encode();
    ASSERT_TRUE(sink->Write(chunk.get()).has_value());
  }
  ASSERT_TRUE(sink->Finish().has_value());
  EXPECT_EQ(
      ReadFile(path),
      SuspectLine(R"("offset":0,"length":11,"count":3,"verdict":"opaque_span",)"
                  R"("reason":"none","data":"YmFkCmJhZApiYWQ=")") +
          SuspectLine(R"("offset":12,"length":1,"verdict":"malformed",)"
                      R"("reason":"none","data":"bQ==")") +
          SuspectLine(R"("offset":12,"length":3,"verdict":"opaque_span",)"
                      R"("reason":"none","data":"YmFk")"));
}

// An output in memory that records how it ends.
class MemoryOutput final : public ByteOutput {
 public:
  MemoryOutput(bool has_reader, std::string* content)
      : has_reader_(has_reader), content_(content) {}
  ~MemoryOutput() override { *content_ += "."; }
  Result<void> Write(const OutputBuffer& pieces) override {
    *content_ += TextOf(pieces);
    return {};
  }
  [[nodiscard]] bool has_reader() const override { return has_reader_; }
  Result<void> Complete() override {
    *content_ += "complete ";
    return {};
  }
  Result<void> Commit() override {
    *content_ += "commit ";
    return {};
  }
  Result<std::string> CommitIncomplete() override {
    *content_ += "incomplete ";
    return "name";
  }

 private:
  const bool has_reader_;
  std::string* const content_;
};

TEST(MakeSinkTest, WritesAFormatToAnyOutput) {
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated);
  batch.AddRow(kNoKey, kNoKey, std::string(600, 'x'));
  for (const bool has_reader : {false, true}) {
    for (const bool incomplete : {false, true}) {
      std::string content;
      std::unique_ptr<Sink> sink =
          MakeSink(std::make_unique<MemoryOutput>(has_reader, &content),
                   OutputFormat::kLines)
              .value();
      const std::unique_ptr<Chunk> chunk = EncodedChunk(batch.batch(), *sink);
      EXPECT_EQ(chunk->refers(), !has_reader);
      ASSERT_TRUE(sink->Write(chunk.get()).has_value());
      const Result<std::string> finished =
          FinishSinks(sink.get(), nullptr, incomplete);
      ASSERT_TRUE(finished.has_value());
      EXPECT_EQ(*finished, incomplete ? "name" : "");
      sink.reset();
      EXPECT_EQ(content, std::string(600, 'x') + "\ncomplete " +
                             (incomplete ? "incomplete ." : "commit ."));
    }
  }
}

TEST(MakeSinkTest, ASinkThatIsNotFinishedGivesItsOutputUp) {
  std::string content;
  MakeSink(std::make_unique<MemoryOutput>(false, &content),
           OutputFormat::kNdjson)
      ->reset();
  EXPECT_EQ(content, ".");
}

TEST(MakeSinkTest, NeedsAnOutputUnlessNothingIsWritten) {
  EXPECT_TRUE(MakeSink(nullptr, OutputFormat::kNull).has_value());
  for (const OutputFormat format : {OutputFormat::kNdjson, OutputFormat::kLines,
                                    OutputFormat::kDelimited}) {
    const auto sink = MakeSink(nullptr, format);
    ASSERT_FALSE(sink.has_value());
    EXPECT_EQ(sink.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace thresh
