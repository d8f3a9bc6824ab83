// Zstandard, beyond the tests that apply to every layer.
#include <gmock/gmock.h>

#include "compression/layer_cases.h"
#include "compression/layers.h"
#include "input/testing.h"

namespace thresh {
namespace {

using input_testing::RandomText;
using input_testing::Unpack;
using input_testing::Unpacked;
using input_testing::UnpackPipe;
using oracle::LittleEndian;
using oracle::Zstd;
using oracle::ZstdSkippable;

bool LooksZstd(const std::string& head) {
  return kZstdLayer.recognize(AsBytes(head), /*complete=*/true);
}

TEST(ZstdTest, FramesWithAndWithoutChecksumAndSkippableOnes) {
  const std::string a = RandomText(1, 300'000);
  const std::string b = std::string(1'000'000, 'b');
  const std::string stored = ZstdSkippable("") + Zstd(a, true) +
                             ZstdSkippable(RandomText(2, 200'000)) + Zstd("") +
                             Zstd(b, false) + ZstdSkippable("end");
  for (const size_t size : {1000U, 2'000'000U}) {
    const Unpacked unpacked = Unpack(stored, kZstdLayer, size);
    EXPECT_EQ(unpacked.Problem(), "");
    EXPECT_EQ(unpacked.content == a + b, true);
    EXPECT_EQ(unpacked.consumed, stored.size());
  }
}

// A block holds up to 128 KiB, so the damage is in the fourth.
TEST(ZstdTest, DamageCostsNoBlockBeforeIt) {
  const std::string content = RandomText(3, 1'000'000);
  std::string stored = Zstd(content);
  stored[stored.size() * 45 / 100] ^= 0x55;
  for (const size_t size : {1U << 20, 100'000U, 4096U, 131'072U}) {
    SCOPED_TRACE(size);
    const Unpacked unpacked = Unpack(stored, kZstdLayer, size);
    EXPECT_THAT(unpacked.Problem(),
                ::testing::StartsWith("zstd data is damaged"));
    EXPECT_GE(unpacked.content.size(), 3 * (128U << 10));
    EXPECT_EQ(
        UnpackPipe(stored, kZstdLayer, 1000, 777).content == unpacked.content,
        true);
  }
}

TEST(ZstdTest, AWrongBlockHeaderCostsNoBlockBeforeIt) {
  // Two raw blocks; the second has the reserved type.
  const std::string frame = LittleEndian(0xFD2FB528, 4) +
                            std::string("\0\x58", 2) + LittleEndian(5 << 3, 3) +
                            "first" + LittleEndian(5 << 3 | 6 | 1, 3) + "other";
  EXPECT_EQ(Unpack(frame, kZstdLayer).content, "first");
  EXPECT_EQ(Unpack(frame, kZstdLayer, 2).content, "first");
}

TEST(ZstdTest, AWrongChecksumIsAnErrorBehindTheContent) {
  const std::string content = RandomText(4, 5000);
  std::string stored = Zstd(content);
  stored.back() ^= 1;
  const Unpacked unpacked = Unpack(stored, kZstdLayer);
  EXPECT_EQ(unpacked.content, content);
  EXPECT_EQ(unpacked.Problem(),
            "zstd data is damaged: Restored data doesn't match checksum");
}

TEST(ZstdTest, NeedsNoDictionary) {
  const std::string frame =
      LittleEndian(0xFD2FB528, 4) + std::string("\x01\x58\x2A", 3) + "data";
  EXPECT_TRUE(LooksZstd(frame));
  EXPECT_EQ(Unpack(frame, kZstdLayer).Problem(),
            "zstd data that needs a dictionary cannot be read");
}

TEST(ZstdTest, IsRecognizedByHeaders) {
  const std::string stored = Zstd("content");
  EXPECT_FALSE(LooksZstd(stored.substr(0, 3)));
  EXPECT_TRUE(LooksZstd(stored.substr(0, 4)));
  EXPECT_TRUE(LooksZstd(ZstdSkippable("x") + stored));
  EXPECT_TRUE(LooksZstd(ZstdSkippable("x")));
  EXPECT_TRUE(LooksZstd(ZstdSkippable(std::string(100'000, 'x'))));
  // Longer than what is examined.
  EXPECT_EQ(
      FindLayer(AsBytes(ZstdSkippable(std::string(100'000, 'x')) + stored)),
      &kZstdLayer);
  // LZ4 has the same skippable frames.
  EXPECT_FALSE(LooksZstd(ZstdSkippable("x") + "\x04\x22\x4D\x18 and more"));
  // A reserved bit in the frame header, a reserved block type.
  std::string reserved = stored;
  reserved[4] |= 0x08;
  EXPECT_FALSE(LooksZstd(reserved));
  EXPECT_FALSE(LooksZstd(LittleEndian(0xFD2FB528, 4) +
                         std::string("\0\x58\x06\0\0", 5)));
}

}  // namespace
}  // namespace thresh
