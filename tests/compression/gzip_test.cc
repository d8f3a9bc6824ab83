// Gzip as it occurs: many members, padding, nesting, and all kinds of damage.
// All content that can be decompressed must be returned; no wrong content may
// be returned without an error after it.
#include <gmock/gmock.h>
#include <zlib.h>

#include <array>

#include "compression/layer.h"
#include "input/open.h"
#include "input/testing.h"
#include "oracle/compress.h"

namespace thresh {
namespace {

using input_testing::OpenMemorySource;
using input_testing::OpenSource;
using input_testing::RandomText;
using input_testing::ReadAll;
using input_testing::Reading;
using input_testing::TempDir;
using oracle::Gzip;
using ::testing::HasSubstr;

bool LooksGzip(const std::string& head) {
  return kGzipLayer.recognize(AsBytes(head), /*complete=*/true);
}

Reading ReadMemory(const std::string& archive) {
  return ReadAll(*OpenMemorySource(AsBytes(archive)));
}

void ExpectWhole(const std::string& archive, const std::string& content) {
  const Reading reading = ReadMemory(archive);
  EXPECT_EQ(reading.error, std::nullopt) << reading.error->message;
  EXPECT_EQ(reading.content == content, true);
  EXPECT_EQ(reading.stored_offset, archive.size());
}

void ExpectBroken(const Reading& reading, const std::string& message) {
  ASSERT_TRUE(reading.error.has_value());
  EXPECT_EQ(reading.error->code, ErrorCode::kContainer);
  EXPECT_EQ(reading.error->file, "memory");
  EXPECT_EQ(reading.error->offset, reading.content.size());
  EXPECT_THAT(reading.error->message, HasSubstr(message));
  EXPECT_FALSE(reading.error->remedy.empty());
}

// What zlib alone decompresses from the start of one member.
std::string InflateAsFarAsPossible(const std::string& archive) {
  z_stream inflater{};
  EXPECT_EQ(inflateInit2(&inflater, 16 + MAX_WBITS), Z_OK);
  std::string out(1 << 16, '\0');
  inflater.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(archive.data()));
  inflater.avail_in = static_cast<uInt>(archive.size());
  inflater.next_out = reinterpret_cast<Bytef*>(out.data());
  inflater.avail_out = static_cast<uInt>(out.size());
  inflate(&inflater, Z_SYNC_FLUSH);
  out.resize(inflater.total_out);
  inflateEnd(&inflater);
  return out;
}

TEST(GzipTest, ManyMembersBackToBackAreOneContent) {
  std::string archive;
  std::string content;
  for (size_t i = 0; i < 300; ++i) {
    const std::string part = RandomText(i, i % 7 == 0 ? 0 : i * 37);
    archive += Gzip(part, static_cast<int>(i % 10));
    content += part;
  }
  ExpectWhole(archive, content);
}

TEST(GzipTest, LargeMembersOfEveryCompressibility) {
  ExpectWhole(Gzip(std::string(3'000'000, 'x')), std::string(3'000'000, 'x'));
  const std::string content = RandomText(1, 1'000'000);
  ExpectWhole(Gzip(content), content);
  ExpectWhole(Gzip(content, 0), content);
}

TEST(GzipTest, OfNothingIsAnEmptyInput) {
  ExpectWhole(Gzip(""), "");
  ExpectWhole(Gzip("") + Gzip("a") + Gzip(""), "a");
  EXPECT_EQ(ReadMemory(Gzip("")).pieces.size(), 1);
}

TEST(GzipTest, AHeaderWithEveryOptionalField) {
  z_stream deflater{};
  ASSERT_EQ(deflateInit2(&deflater, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY),
            Z_OK);
  std::array<Bytef, 6> extra = {'T', 'H', 2, 0, 1, 2};
  std::array<Bytef, 10> name = {"name.json"};
  std::array<Bytef, 8> comment = {"comment"};
  gz_header header{};
  header.extra = extra.data();
  header.extra_len = extra.size();
  header.name = name.data();
  header.comment = comment.data();
  header.hcrc = 1;
  ASSERT_EQ(deflateSetHeader(&deflater, &header), Z_OK);
  std::string content = "content";
  std::string archive(200, '\0');
  deflater.next_in = reinterpret_cast<Bytef*>(content.data());
  deflater.avail_in = static_cast<uInt>(content.size());
  deflater.next_out = reinterpret_cast<Bytef*>(archive.data());
  deflater.avail_out = static_cast<uInt>(archive.size());
  ASSERT_EQ(deflate(&deflater, Z_FINISH), Z_STREAM_END);
  archive.resize(deflater.total_out);
  deflateEnd(&deflater);
  ExpectWhole(archive, content);
  for (size_t cut = 3; cut < archive.size(); ++cut) {
    ExpectBroken(ReadMemory(archive.substr(0, cut)), "cut off");
  }
}

TEST(GzipTest, CutAtEveryByteDeliversAllThatCameBefore) {
  const std::string content = RandomText(2, 1500);
  const std::string archive = Gzip(content);
  for (size_t cut = 3; cut < archive.size(); ++cut) {
    SCOPED_TRACE(cut);
    const Reading reading = ReadMemory(archive.substr(0, cut));
    ExpectBroken(reading, "cut off (at byte " + std::to_string(cut) + " of");
    EXPECT_EQ(reading.content, InflateAsFarAsPossible(archive.substr(0, cut)));
    EXPECT_TRUE(content.starts_with(reading.content));
    EXPECT_EQ(reading.stored_offset, cut);
  }
  // Fewer bytes than gzip's magic has are plain bytes.
  EXPECT_EQ(ReadMemory(archive.substr(0, 2)).content, archive.substr(0, 2));
}

TEST(GzipTest, CutInTheSecondMember) {
  const std::string first = Gzip("the first member");
  const std::string second = Gzip("the second");
  for (size_t cut = 1; cut < second.size(); ++cut) {
    const Reading reading = ReadMemory(first + second.substr(0, cut));
    ExpectBroken(reading, "cut off");
    EXPECT_TRUE(reading.content.starts_with("the first member"));
  }
}

// A cut far past the first window, so that the error comes with a later
// segment, from a file that is mapped, read and held in memory.
TEST(GzipTest, CutFarBehindTheStart) {
  const TempDir dir;
  const std::string content = RandomText(3, 500'000);
  const std::string archive = Gzip(content);
  const std::string path =
      dir.Write("cut.gz", archive.substr(0, archive.size() - 1000));
  for (const bool use_mmap : {true, false}) {
    auto source = OpenSource(path, use_mmap).value();
    EXPECT_EQ(source->stored_size(), archive.size() - 1000);
    const Reading reading = ReadAll(*source);
    EXPECT_GT(reading.content.size(), 490'000);
    EXPECT_TRUE(content.starts_with(reading.content));
    ASSERT_TRUE(reading.error.has_value());
    EXPECT_EQ(reading.error->file, path);
    EXPECT_EQ(reading.error->offset, reading.content.size());
  }
}

TEST(GzipTest, NoBitFlipGivesOtherContentWithoutAnError) {
  const std::string content = RandomText(4, 2000);
  const std::string archive = Gzip(content);
  size_t taken_raw = 0;
  size_t without_effect = 0;
  for (size_t bit = 0; bit < archive.size() * 8; ++bit) {
    SCOPED_TRACE(bit);
    std::string flipped = archive;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const Reading reading = ReadMemory(flipped);
    if (reading.error.has_value()) {
      EXPECT_EQ(reading.error->offset, reading.content.size());
    } else if (reading.content == flipped) {
      ++taken_raw;
    } else {
      ++without_effect;
      EXPECT_EQ(reading.content, content);
    }
  }
  // Only damage before the end of the trial makes it unrecognized as gzip.
  EXPECT_LT(taken_raw, 550 * 8);
  // Time stamp, extra flags, system and text flag; the padding of the last byte
  // of deflate data: these are not checked.
  EXPECT_LE(without_effect, 6 * 8 + 1 + 7);
}

TEST(GzipTest, AWrongChecksumOrLengthIsAnError) {
  for (const size_t from_end : {1U, 5U}) {
    for (const std::string& content :
         {std::string("short"), RandomText(5, 5000)}) {
      std::string archive = Gzip(content);
      archive[archive.size() - from_end] ^= 0x10;
      const Reading reading = ReadMemory(archive);
      ExpectBroken(reading, "damaged: incorrect");
      EXPECT_EQ(reading.content, content);
    }
  }
}

TEST(GzipTest, ZerosBehindTheLastMemberArePadding) {
  const std::string archive = Gzip("a") + Gzip("b");
  for (const size_t size : {1U, 7U, 511U, 300'000U}) {
    ExpectWhole(archive + std::string(size, '\0'), "ab");
  }
}

TEST(GzipTest, AnythingElseBehindTheLastMemberIsAnError) {
  const std::string zeros(300'000, '\0');
  for (const std::string& rest :
       {std::string("x"), std::string("garbage of some length"), zeros + "x",
        zeros + Gzip("b")}) {
    const Reading reading = ReadMemory(Gzip("a") + rest);
    ExpectBroken(reading, "not gzip");
    EXPECT_EQ(reading.content, "a");
  }
  // Begins like a member, then differs.
  const Reading reading = ReadMemory(Gzip("a") + "\x1F garbage");
  ExpectBroken(reading, "not gzip");
  EXPECT_EQ(reading.content, "a");
}

TEST(GzipTest, TwoLayersComeOffAndAThirdIsRefused) {
  const TempDir dir;
  const std::string content = RandomText(6, 400'000);
  const std::string two = Gzip(Gzip(content));
  const std::string three = Gzip(two);
  ExpectWhole(two, content);

  const Reading memory = ReadMemory(three);
  EXPECT_EQ(memory.content, "");
  ExpectBroken(memory, "gzip within gzip");
  EXPECT_FALSE(OpenMemorySource(AsBytes(three))->Peek(1).has_value());

  const std::string path = dir.Write("three.gz", three);
  for (const bool use_mmap : {true, false}) {
    const auto source = OpenSource(path, use_mmap);
    ASSERT_FALSE(source.has_value());
    EXPECT_EQ(source.error().code, ErrorCode::kContainer);
    EXPECT_EQ(source.error().file, path);
    EXPECT_THAT(source.error().message, HasSubstr("gzip within gzip"));
  }
}

TEST(GzipTest, ACutOuterLayerSaysWhereInTheStoredFile) {
  const std::string archive = Gzip(Gzip(RandomText(7, 100'000)));
  const Reading reading = ReadMemory(archive.substr(0, 50'000));
  ExpectBroken(reading, "cut off (at byte 50000 of the compressed data)");
  EXPECT_GT(reading.content.size(), 40'000);
}

TEST(GzipTest, PeekOfBrokenGzipGivesWhatThereIs) {
  const std::string archive = Gzip(RandomText(8, 1000));
  const std::string cut = archive.substr(0, archive.size() - 200);
  auto source = OpenMemorySource(AsBytes(cut));
  const size_t size = source->Peek(5000).value().size();
  EXPECT_GT(size, 100);
  EXPECT_EQ(ReadAll(*source).content.size(), size);
  const std::string head = archive.substr(0, 8);
  const Result<Bytes> nothing = OpenMemorySource(AsBytes(head))->Peek(5000);
  ASSERT_FALSE(nothing.has_value());
  EXPECT_THAT(nothing.error().message, HasSubstr("cut off"));
}

// Records after 4-byte little-endian lengths, the first of 0x00088B1F bytes:
// the file begins with 1F 8B 08 00, like gzip.
TEST(GzipTest, LengthsThatLookLikeTheMagicStayRaw) {
  const TempDir dir;
  const std::string length("\x1F\x8B\x08\x00", 4);
  std::string record("\xF3\x89\x9A\xC2\x0A\x24", 6);
  record += RandomText(9, 0x88B1F - record.size());
  for (int first = 0; first < 256; ++first) {
    // The byte where deflate data would begin.
    record[6] = static_cast<char>(first);
    EXPECT_FALSE(LooksGzip(length + record)) << first;
  }
  const std::string path = dir.Write("records", length + record);
  for (const bool use_mmap : {true, false}) {
    EXPECT_EQ(
        ReadAll(*OpenSource(path, use_mmap).value()).content == length + record,
        true);
  }
}

TEST(GzipTest, RandomBytesBehindTheMagicAreNotGzip) {
  std::mt19937_64 random(10);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes("\x1F\x8B\x08\x00", 4);
    for (int i = 0; i < 1500; ++i) bytes += static_cast<char>(random());
    EXPECT_FALSE(LooksGzip(bytes)) << round;
  }
}

}  // namespace
}  // namespace thresh
