// The sinks that write only data, and the one that writes nothing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "sink/handmade_batch.h"
#include "sink/output_text.h"
#include "sink/scratch_dir.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

std::string Encoded(const HandmadeBatch& batch, OutputFormat format) {
  Result<std::unique_ptr<Sink>> sink = OpenSink("/dev/null", format);
  EXPECT_TRUE(sink.has_value());
  const std::unique_ptr<Chunk> chunk = ChunkOf(">", **sink);
  (*sink)->Encode(batch.batch(), chunk.get());
  const std::string text = TextOf(*chunk);
  EXPECT_EQ(text[0], '>');
  return text.substr(1);
}

HandmadeBatch BatchOf(const std::vector<std::string>& data) {
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kDigestMismatch, "suspect");
  batch.AddKinesisRecord(Verdict::kAggregated);
  for (const std::string& one : data) batch.AddRow(kNoKey, kNoKey, one);
  batch.AddKinesisRecord(Verdict::kEmptyAggregate);
  return batch;
}

TEST(LinesSinkTest, DataAndALineFeed) {
  EXPECT_EQ(Encoded(BatchOf({}), OutputFormat::kLines), "");
  EXPECT_EQ(Encoded(BatchOf({"one", "", "a\nb", std::string("\0\xff", 2)}),
                    OutputFormat::kLines),
            std::string("one\n\na\nb\n\0\xff\n", 12));
}

TEST(DelimitedSinkTest, DataBehindItsLength) {
  EXPECT_EQ(Encoded(BatchOf({}), OutputFormat::kDelimited), "");
  EXPECT_EQ(Encoded(BatchOf({"one", "", "\n"}), OutputFormat::kDelimited),
            std::string("\x03one\x00\x01\n", 7));
}

TEST(DelimitedSinkTest, LengthsOfSeveralBytes) {
  const std::pair<size_t, std::string> kVarints[] = {
      {127, "\x7f"},
      {128, "\x80\x01"},
      {16383, "\xff\x7f"},
      {16384, "\x80\x80\x01"},
      {2097151, "\xff\xff\x7f"},
      {2097152, "\x80\x80\x80\x01"},
  };
  for (const auto& [size, varint] : kVarints) {
    const std::string data(size, 'x');
    EXPECT_TRUE(Encoded(BatchOf({data, data}), OutputFormat::kDelimited) ==
                varint + data + varint + data)
        << size;
  }
}

// Whether a chunk refers to `data` in place.
bool Refers(Chunk* chunk, const uint8_t* data) {
  bool found = false;
  MutableTextOf(chunk)->ForEachPiece(
      [&](Bytes piece) { found |= piece.data() == data; });
  return found;
}

TEST(DataSinksTest, LargeDataIsReferredToAndSmallDataCopied) {
  const std::string small(511, 's');
  const std::string large(512, 'l');
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated);
  for (const std::string* data : {&large, &small, &large, &large, &small}) {
    batch.AddRow(kNoKey, kNoKey, *data);
  }
  for (const OutputFormat format :
       {OutputFormat::kLines, OutputFormat::kDelimited}) {
    Result<std::unique_ptr<Sink>> sink = OpenSink("/dev/null", format);
    const std::unique_ptr<Chunk> chunk = EncodedChunk(batch.batch(), **sink);
    EXPECT_TRUE(Refers(chunk.get(), batch.data(0)));
    EXPECT_FALSE(Refers(chunk.get(), batch.data(1)));
    EXPECT_LT(MutableTextOf(chunk.get())->size(), 2 * small.size() + 5 * 5);
  }
  EXPECT_EQ(
      Encoded(batch, OutputFormat::kLines),
      large + "\n" + small + "\n" + large + "\n" + large + "\n" + small + "\n");
}

// A reader may delay verified data while the input is changed.
TEST(DataSinksTest, WhatGoesToAReaderIsCopied) {
  const ScratchDir directory;
  const std::string path = directory.File("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated);
  batch.AddRow(kNoKey, kNoKey, std::string(5000, 'x'));
  const std::unique_ptr<Chunk> chunk =
      EncodedChunk(batch.batch(), **OpenSink(path, OutputFormat::kLines));
  EXPECT_FALSE(chunk->refers());
  EXPECT_EQ(TextOf(*chunk), std::string(5000, 'x') + "\n");
  ::close(reader);
}

TEST(NullSinkTest, WritesNothingAndMakesNoFile) {
  const ScratchDir directory;
  Result<std::unique_ptr<Sink>> sink =
      OpenSink(directory.File("none"), OutputFormat::kNull);
  ASSERT_TRUE(sink.has_value());
  const std::unique_ptr<Chunk> chunk =
      EncodedChunk(BatchOf({"one"}).batch(), **sink);
  EXPECT_TRUE(chunk->empty());
  EXPECT_EQ(chunk->memory(), 0U);
  EXPECT_TRUE((*sink)->Write(chunk.get()).has_value());
  EXPECT_TRUE((*sink)->Finish().has_value());
  EXPECT_FALSE(Exists(directory.File("none")));
}

TEST(OpenSinkTest, WritesAndPublishesEachFormat) {
  const ScratchDir directory;
  const HandmadeBatch batch = BatchOf({"one", "two"});
  for (const OutputFormat format : {OutputFormat::kNdjson, OutputFormat::kLines,
                                    OutputFormat::kDelimited}) {
    const std::string path = directory.File("out");
    Result<std::unique_ptr<Sink>> sink = OpenSink(path, format);
    ASSERT_TRUE(sink.has_value());
    const std::unique_ptr<Chunk> chunk = EncodedChunk(batch.batch(), **sink);
    ASSERT_TRUE((*sink)->Write(chunk.get()).has_value());
    ASSERT_TRUE((*sink)->Finish().has_value());
    EXPECT_EQ(ReadFile(path), Encoded(batch, format));
  }
}

TEST(OpenSinkTest, SaysWhatCannotBeOpened) {
  const ScratchDir directory;
  const std::string path = directory.File("missing/out");
  const Result<std::unique_ptr<Sink>> sink =
      OpenSink(path, OutputFormat::kLines);
  ASSERT_FALSE(sink.has_value());
  EXPECT_EQ(sink.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace thresh
