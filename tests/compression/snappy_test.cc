// The three framings of snappy, beyond the tests that apply to every layer.
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
using oracle::BigEndian32;
using oracle::HadoopSnappy;
using oracle::MaskedCrc32c;
using oracle::RawSnappy;
using oracle::SnappyChunk;
using ::testing::StartsWith;

const std::string kIdentifier = SnappyChunk(0xFF, "sNaPpY");

std::string PlainChunk(const std::string& content) {
  return SnappyChunk(1, MaskedCrc32c(content) + content);
}

Unpacked Framed(const std::string& chunks) {
  return Unpack(kIdentifier + chunks, kFramedSnappyLayer);
}

TEST(FramedSnappyTest, TheChecksumIsCrc32c) {
  // The check value of CRC-32C, masked.
  constexpr uint32_t kCrc = 0xE3069283;
  EXPECT_EQ(MaskedCrc32c("123456789"),
            oracle::LittleEndian((kCrc >> 15 | kCrc << 17) + 0xA282EAD8, 4));
  EXPECT_EQ(Framed(PlainChunk("123456789")).Problem(), "");
}

TEST(FramedSnappyTest, SkipsPaddingAndWhatMayBeSkipped) {
  const std::string content = RandomText(1, 65536);
  const Unpacked unpacked =
      Framed(SnappyChunk(0xFE, std::string(300'000, '\0')) +
             PlainChunk(content) + SnappyChunk(0x80, "new") + kIdentifier +
             SnappyChunk(0xFD, "") + PlainChunk("b"));
  EXPECT_EQ(unpacked.Problem(), "");
  EXPECT_EQ(unpacked.content == content + "b", true);
}

TEST(FramedSnappyTest, RefusesChunksThatMayNotBeSkipped) {
  for (const uint8_t type : {uint8_t{0x02}, uint8_t{0x7F}}) {
    const Unpacked unpacked =
        Framed(PlainChunk("a") + SnappyChunk(type, "data"));
    EXPECT_EQ(unpacked.content, "a");
    EXPECT_EQ(unpacked.Problem(), "framed snappy with a chunk of type " +
                                      std::to_string(type) + " cannot be read");
  }
}

TEST(FramedSnappyTest, ContentIsHandedOutOnlyIfItsChecksumIsRight) {
  std::string wrong = PlainChunk("wrong");
  wrong[5] ^= 1;
  const Unpacked unpacked = Framed(PlainChunk("right") + wrong);
  EXPECT_EQ(unpacked.content, "right");
  EXPECT_EQ(unpacked.Problem(),
            "framed snappy data is damaged: incorrect data check");
}

TEST(FramedSnappyTest, LengthsAreHeldToTheFormat) {
  const std::string large(65537, 'x');
  for (const std::string& chunk :
       {PlainChunk(large),
        SnappyChunk(0, MaskedCrc32c(large) + RawSnappy(large)),
        SnappyChunk(0, "abc"), SnappyChunk(1, "abc"),
        SnappyChunk(0, std::string(100'000, 'x')),
        SnappyChunk(0, "crc_\xFF\xFF\xFF\xFF\x0F"), SnappyChunk(0, "crc_"),
        SnappyChunk(0xFF, "snappy"), SnappyChunk(0xFF, "sNaPpYY")}) {
    const Unpacked unpacked = Framed(PlainChunk("a") + chunk + PlainChunk("b"));
    EXPECT_EQ(unpacked.content, "a");
    EXPECT_THAT(unpacked.Problem(),
                StartsWith("framed snappy data is damaged"));
  }
}

TEST(XerialSnappyTest, StreamsBackToBackRepeatTheHeader) {
  const std::string a = RandomText(2, 100'000);
  const Unpacked unpacked =
      Unpack(oracle::XerialSnappy(a) + oracle::XerialSnappy("b") +
                 oracle::XerialSnappy("") + oracle::XerialSnappy("c"),
             kXerialSnappyLayer);
  EXPECT_EQ(unpacked.Problem(), "");
  EXPECT_EQ(unpacked.content == a + "bc", true);
}

TEST(XerialSnappyTest, LengthsAreCheckedBeforeTheyAreUsed) {
  const std::string head = oracle::XerialSnappy("a");
  // More than a block may have; content of 4 GiB; more content than so few
  // bytes can encode; an invalid header; an empty block.
  for (const std::string& rest :
       {BigEndian32(0x7FFFFFFF) + "x", BigEndian32(6) + "\xFF\xFF\xFF\xFF\x0F!",
        BigEndian32(6) + std::string("\x80\x80\x80\x10\0!", 6),
        std::string("\x82SNAPPX\0........", 16), BigEndian32(0)}) {
    const Unpacked unpacked = Unpack(head + rest, kXerialSnappyLayer);
    EXPECT_EQ(unpacked.content, "a");
    EXPECT_THAT(unpacked.Problem(),
                StartsWith("xerial snappy data is damaged"));
  }
}

TEST(HadoopSnappyTest, BlocksOfSeveralChunksAndEmptyBlocks) {
  const std::string content = RandomText(3, 500'000);
  const std::string stored = HadoopSnappy(content, 200'000, 64 << 10);
  for (const std::string& whole :
       {stored, stored + BigEndian32(0), stored + BigEndian32(0) + stored}) {
    EXPECT_EQ(FindLayer(AsBytes(whole)), &kHadoopSnappyLayer);
    const Unpacked unpacked = Unpack(whole, kHadoopSnappyLayer);
    EXPECT_EQ(unpacked.Problem(), "");
    EXPECT_TRUE(unpacked.content.starts_with(content));
  }
}

TEST(HadoopSnappyTest, IsRecognizedByTheStartOfItsFirstChunk) {
  const std::string content = RandomText(4, 9000);
  const std::string stored = HadoopSnappy(content, 4000, 2000);
  for (size_t cut = 0; cut < stored.size(); ++cut) {
    EXPECT_EQ(FindLayer(AsBytes(stored.substr(0, cut))) != nullptr, cut >= 24)
        << cut;
  }
  // A first chunk may be that short.
  EXPECT_NE(FindLayer(AsBytes(HadoopSnappy("a") + HadoopSnappy("b"))), nullptr);
}

TEST(HadoopSnappyTest, ACutChunkYieldsWhatIsThere) {
  std::string content = RandomText(6, 400);
  for (int i = 0; i < 60; ++i) {
    content += content.substr(static_cast<size_t>(i) * 31 % 350,
                              4 + static_cast<size_t>(i) * 11 % 130);
    content += RandomText(7 + static_cast<uint64_t>(i), static_cast<size_t>(i));
  }
  const std::string stored = HadoopSnappy(content);
  size_t most = 0;
  for (size_t cut = 24; cut < stored.size(); ++cut) {
    const std::string head = stored.substr(0, cut);
    ASSERT_EQ(FindLayer(AsBytes(head)), &kHadoopSnappyLayer) << cut;
    const Unpacked unpacked = Unpack(head, kHadoopSnappyLayer);
    EXPECT_THAT(unpacked.Problem(), StartsWith("Hadoop snappy data is cut"));
    EXPECT_TRUE(content.starts_with(unpacked.content));
    EXPECT_GE(unpacked.content.size(), most);
    most = unpacked.content.size();
    const Unpacked piped = UnpackPipe(head, kHadoopSnappyLayer, 7, 13);
    EXPECT_EQ(piped.content, unpacked.content);
    EXPECT_EQ(piped.Problem(), unpacked.Problem());
  }
  EXPECT_GE(most, content.size() - 64);
}

// The visible part of a chunk must be valid throughout.
TEST(HadoopSnappyTest, ACutChunkThatDoesNotHoldTogetherIsNone) {
  const std::string literal = "\x3Cliteral of 16 by";
  const auto found = [](size_t size, size_t content, const std::string& chunk) {
    return FindLayer(AsBytes(BigEndian32(content) + BigEndian32(size) +
                             chunk)) != nullptr;
  };
  EXPECT_TRUE(found(90, 100, "d" + literal));
  EXPECT_TRUE(found(90, 100, "d" + literal + "\x01\x10"));
  // The block's length is only half; longer than its content may take; shorter
  // than possible.
  EXPECT_FALSE(found(90, 200, "d" + literal));
  EXPECT_FALSE(found(900, 100, "d" + literal));
  EXPECT_FALSE(found(3'000, 100'000, "\xA0\x8D\x06" + literal));
  // Copies from before the start; a literal that is longer than the content.
  EXPECT_FALSE(found(90, 100, "d" + literal + "\x01\x11"));
  EXPECT_FALSE(found(90, 100, "d" + literal + std::string("\x01\0", 2)));
  EXPECT_FALSE(found(90, 100, "d" + literal + std::string("\x03\0\0\0\1", 5)));
  EXPECT_FALSE(found(90, 100, "d" + literal + "\xF0\x70"));
}

// Containers that are selected by name must not be taken for Hadoop snappy; nor
// those that are recognized, by their first byte.
TEST(HadoopSnappyTest, NoStartOfAnotherContainerIs) {
  const std::string json = R"({"Records":[{"kinesis":{"data":"84mawgo="}}]})";
  for (const std::string& text :
       {json, " \n" + json, "\xEF\xBB\xBF" + json, std::string(200, 'A'),
        "\xF3\x89\x9A\xC2" + RandomText(8, 200)}) {
    for (size_t cut = 0; cut < text.size(); ++cut) {
      EXPECT_EQ(FindLayer(AsBytes(text.substr(0, cut))), nullptr) << cut;
    }
  }
}

TEST(HadoopSnappyTest, AChunkLargerThanItsBlockIsDamage) {
  const std::string chunk = RawSnappy("content");
  const Unpacked unpacked = Unpack(
      HadoopSnappy("a") + BigEndian32(6) + BigEndian32(chunk.size()) + chunk,
      kHadoopSnappyLayer);
  EXPECT_EQ(unpacked.content, "a");
  EXPECT_EQ(unpacked.Problem(),
            "Hadoop snappy data is damaged: a chunk of it is larger than its "
            "block");
}

// Records after big-endian lengths, which are the most similar: of random
// bytes, of small numbers, of zeros, and records that are raw snappy or begin
// with a length themselves.
TEST(HadoopSnappyTest, LengthDelimitedRecordsAreNot) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 100'000; ++round) {
    std::string archive;
    while (archive.size() < 100) {
      std::string record(random() % 40, '\0');
      const uint64_t kind = random() % 4;
      for (char& byte : record) {
        byte = static_cast<char>(kind == 0 ? random() : random() % (kind * 2));
      }
      if (kind == 3) record = RawSnappy(record);
      if (random() % 2 == 0) record.insert(0, BigEndian32(record.size()));
      archive += BigEndian32(record.size()) + record;
    }
    if (random() % 2 == 0) archive.resize(random() % archive.size());
    ASSERT_EQ(FindLayer(AsBytes(archive)), nullptr)
        << round << " " << ::testing::PrintToString(archive);
  }
}

}  // namespace
}  // namespace thresh
