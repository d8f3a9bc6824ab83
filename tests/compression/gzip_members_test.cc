// Gzip of many sizes and members: the result is the same from memory and from a
// slow pipe.
#include <gtest/gtest.h>

#include "compression/layer_cases.h"
#include "input/testing.h"

namespace thresh {
namespace {

using input_testing::RandomText;
using input_testing::Unpack;
using input_testing::Unpacked;
using input_testing::UnpackPipe;
using oracle::Gzip;

void ExpectSameAsPiped(const std::string& stored) {
  for (const size_t size : {size_t{1000}, size_t{1} << 20, size_t{80} << 20}) {
    const Unpacked whole = Unpack(stored, kGzipLayer, size);
    const Unpacked piped = UnpackPipe(stored, kGzipLayer, 100'000, size);
    EXPECT_EQ(whole.content == piped.content, true);
    EXPECT_EQ(whole.Problem(), piped.Problem());
    EXPECT_EQ(whole.consumed, piped.consumed);
  }
}

TEST(GzipMembersTest, OfManySizesBackToBack) {
  std::string stored;
  std::string content;
  for (const size_t size : {size_t{1000}, size_t{70'000'000}, size_t{5'000'000},
                            size_t{0}, size_t{17}}) {
    const std::string part = RandomText(size, 1000) + std::string(size, 'x');
    stored += Gzip(part.substr(0, size), 1);
    content += part.substr(0, size);
  }
  ExpectSameAsPiped(stored);
  EXPECT_EQ(Unpack(stored, kGzipLayer).content == content, true);
}

// Stored blocks: members end at arbitrary positions of what is read at a time.
TEST(GzipMembersTest, ManyThatDidNotCompress) {
  const std::string part = RandomText(1, 300'001);
  const std::string member = Gzip(part, 0);
  std::string stored;
  std::string content;
  for (int i = 0; i < 200; ++i) {
    stored += member;
    content += part;
  }
  const Unpacked whole = Unpack(stored, kGzipLayer);
  EXPECT_EQ(whole.Problem(), "");
  EXPECT_EQ(whole.content == content, true);
  const Unpacked cut =
      Unpack(stored.substr(0, stored.size() - 100), kGzipLayer);
  EXPECT_EQ(cut.Problem(), "gzip data is cut off");
  EXPECT_EQ(cut.content.size(), content.size() - 100 + 8);
  EXPECT_EQ(cut.consumed, stored.size() - 100);
}

TEST(GzipMembersTest, DamageInALaterMember) {
  const std::string part = RandomText(3, 200'000);
  std::string stored = Gzip(part) + Gzip(part) + Gzip(part);
  stored[stored.size() / 2] ^= 0x10;
  ExpectSameAsPiped(stored);
  const Unpacked whole = Unpack(stored, kGzipLayer);
  EXPECT_GT(whole.content.size(), 300'000 - 1000);
  EXPECT_TRUE(whole.content.starts_with(part + part.substr(0, 90'000)));
  EXPECT_NE(whole.Problem(), "");
}

TEST(GzipMembersTest, AWrongLengthComesBehindTheContent) {
  const std::string content = RandomText(4, 100'000);
  for (const size_t claim : {size_t{0}, size_t{1}, size_t{0xFFFFFFFF}}) {
    std::string stored = Gzip(content);
    stored.replace(stored.size() - 4, 4, oracle::LittleEndian(claim, 4));
    ExpectSameAsPiped(stored);
    const Unpacked whole = Unpack(stored, kGzipLayer);
    EXPECT_EQ(whole.content == content, true);
    EXPECT_EQ(whole.Problem(),
              "gzip data is damaged: incorrect checksum or length");
  }
}

TEST(GzipMembersTest, AWrongHeaderChecksumIsSeen) {
  std::string stored = Gzip("content");
  stored[3] = 0x02;
  stored.insert(10, "\x01\x02");
  const Unpacked whole = Unpack(stored, kGzipLayer);
  EXPECT_EQ(whole.content, "");
  EXPECT_EQ(whole.Problem(), "gzip data is damaged: incorrect header checksum");
}

// Longer than what is read at a time, with every field; and one that never
// ends.
TEST(GzipMembersTest, HeadersOfAnyLength) {
  const std::string deflated = Gzip("content").substr(10);
  for (const size_t size : {0U, 1U, 17U, 5000U, 70'000U, 1'000'000U}) {
    std::string header("\x1F\x8B\x08\x1C\0\0\0\0\0\0\x03\0abc", 15);
    header += std::string(size, 'n') + '\0' + std::string(size / 3, 'c') + '\0';
    ExpectSameAsPiped(header + deflated);
    EXPECT_EQ(Unpack(header + deflated, kGzipLayer).content, "content");
    EXPECT_EQ(Unpack(header, kGzipLayer).Problem(), "gzip data is cut off");
  }
  std::string endless("\x1F\x8B\x08\x08\0\0\0\0\0\0", 10);
  endless += std::string(40'000'000, 'n');
  EXPECT_EQ(Unpack(endless, kGzipLayer).Problem(),
            "gzip data is damaged: a header without an end");
}

}  // namespace
}  // namespace thresh
