// Layers as the engine opens them: files of other programs, nested layers, and
// the same from memory, a file and a pipe.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "compression/layer_cases.h"
#include "input/open.h"
#include "input/testing.h"
#include "vector_files.h"

namespace thresh {
namespace {

using input_testing::LayerCase;
using input_testing::LayerCases;
using input_testing::OpenMemorySource;
using input_testing::OpenSource;
using input_testing::RandomText;
using input_testing::ReadAll;
using input_testing::Reading;
using input_testing::TempDir;
using ::testing::HasSubstr;

Reading ReadLayers(const std::string& archive) {
  return ReadAll(*OpenMemorySource(AsBytes(archive)));
}

TEST(LayerVectorsTest, AreReadAsTheirWritersMeantThem) {
  const std::string blobs = ReadVector("archives/blobs.bin");
  for (const char* file : {"python-members.gz", "zstd-tool.zst",
                           "zstd-two-frames.zst", "pzstd.zst"}) {
    SCOPED_TRACE(file);
    const std::string stored = ReadVector(kVectors / "layers" / file);
    const Reading reading = ReadLayers(stored);
    EXPECT_EQ(reading.error, std::nullopt);
    EXPECT_EQ(reading.content == blobs, true);
    EXPECT_EQ(reading.stored_offset, stored.size());
  }
}

TEST(LayerVectorsTest, AreRefusedByName) {
  const std::string stored = ReadVector("layers/zstd-long-window.zst");
  const Result<Bytes> head = OpenMemorySource(AsBytes(stored))->Peek(10);
  ASSERT_FALSE(head.has_value());
  EXPECT_THAT(head.error().message, HasSubstr("a window of more than 128 MiB"));
  EXPECT_EQ(head.error().code, ErrorCode::kContainer);
  EXPECT_EQ(head.error().remedy, "decompress it first");
}

TEST(LayerMixTest, AnyLayerInAnyOther) {
  const std::string content = RandomText(1, 300'000);
  for (const LayerCase& outer : LayerCases()) {
    for (const LayerCase& inner : LayerCases()) {
      SCOPED_TRACE(std::string(inner.name) + " in " + outer.name);
      const std::string stored =
          outer.write(inner.write(content, 50'000), 70'000);
      const Reading reading = ReadLayers(stored);
      EXPECT_EQ(reading.error, std::nullopt);
      EXPECT_EQ(reading.content == content, true);
      EXPECT_EQ(reading.stored_offset, stored.size());
      const Reading cut = ReadLayers(stored.substr(0, stored.size() / 2));
      ASSERT_TRUE(cut.error.has_value());
      EXPECT_EQ(cut.error->offset, cut.content.size());
      EXPECT_TRUE(content.starts_with(cut.content));
      EXPECT_GT(cut.content.size(), 30'000);
      EXPECT_THAT(cut.error->message,
                  HasSubstr(std::string(outer.layer->name) + " data is cut"));
      EXPECT_THAT(cut.error->message, HasSubstr("of the compressed data)"));
    }
  }
}

TEST(LayerMixTest, AThirdIsRefused) {
  for (const LayerCase& layer : LayerCases()) {
    const std::string two =
        oracle::Zstd(oracle::Gzip(layer.write(RandomText(2, 5000), 500)));
    const Result<Bytes> head = OpenMemorySource(AsBytes(two))->Peek(1);
    ASSERT_FALSE(head.has_value());
    EXPECT_EQ(head.error().code, ErrorCode::kContainer);
    EXPECT_EQ(head.error().message,
              std::string(layer.layer->name) + " within gzip within zstd");
    EXPECT_FALSE(head.error().remedy.empty());
  }
}

TEST(LayerMixTest, AFaultInsideSaysInWhichLayer) {
  std::string inner = oracle::Zstd(RandomText(3, 200'000));
  inner[inner.size() / 2] ^= 0x40;
  const Reading reading = ReadLayers(oracle::Gzip(inner));
  ASSERT_TRUE(reading.error.has_value());
  EXPECT_THAT(reading.error->message, HasSubstr("zstd data is damaged"));
  EXPECT_THAT(reading.error->message, HasSubstr("of the zstd data inside)"));
}

TEST(LayerMixTest, MemoryFilesAndPipesAreReadAlike) {
  const TempDir dir;
  const std::string content = RandomText(4, 400'000);
  for (const LayerCase& layer : LayerCases()) {
    SCOPED_TRACE(layer.name);
    const std::string whole = layer.write(content, 60'000);
    for (const size_t size : {whole.size(), whole.size() - 9000}) {
      const std::string stored = whole.substr(0, size);
      const Reading memory = ReadLayers(stored);
      EXPECT_EQ(memory.content == content, size == whole.size());
      const auto expect_same = [&memory](const Reading& other) {
        EXPECT_EQ(other.pieces, memory.pieces);
        EXPECT_EQ(other.error.has_value(), memory.error.has_value());
        if (!memory.error.has_value()) return;
        EXPECT_EQ(other.error->message, memory.error->message);
        EXPECT_EQ(other.error->offset, memory.error->offset);
      };
      const std::string path = dir.Write("file", stored);
      for (const bool use_mmap : {true, false}) {
        auto source = OpenSource(path, use_mmap).value();
        EXPECT_FALSE(source->resident());
        EXPECT_EQ(source->stored_size(), size);
        expect_same(ReadAll(*source));
      }
      const std::string pipe = dir / "pipe";
      std::filesystem::remove(pipe);
      ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
      std::thread writer(
          [&] { std::ofstream(pipe, std::ios::binary) << stored; });
      expect_same(ReadAll(*OpenSource(pipe, true).value()));
      writer.join();
    }
  }
}

TEST(LayerMixTest, LimitsHoldForTheFileAndNotForEachLayer) {
  const std::string content(80'000'000, '\0');
  const std::string inner = oracle::Gzip(content);
  const std::string stored = oracle::Gzip(inner);
  EXPECT_LT(stored.size(), inner.size() / 100);
  const auto read = [&stored](const ExpansionLimits& limits) {
    return ReadAll(*OpenMemorySource(AsBytes(stored), limits), 1 << 20,
                   1 << 20);
  };
  const Reading bomb = read({});
  ASSERT_TRUE(bomb.error.has_value());
  EXPECT_THAT(bomb.error->message, HasSubstr("more than 1000 times its size"));
  EXPECT_EQ(bomb.error->offset, bomb.content.size());
  EXPECT_GT(bomb.content.size(), ExpansionLimits::kRatioFloor);
  EXPECT_EQ(read({.ratio = 1'000'000}).content == content, true);
}

}  // namespace
}  // namespace thresh
