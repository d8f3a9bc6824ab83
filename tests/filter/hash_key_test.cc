// Hash keys and ranges of them, to the last of the 128 bits; times; files of
// keys.
#include "filter/hash_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "digest/md5_testing.h"
#include "sink/scratch_dir.h"

namespace thresh {
namespace {

constexpr uint64_t kOnes = UINT64_MAX;
constexpr char kLargest[] = "340282366920938463463374607431768211455";

TEST(HashKeyTest, DecimalUpToTheLargest) {
  EXPECT_EQ(ParseHashKey("0"), (HashKey{0, 0}));
  EXPECT_EQ(ParseHashKey("18446744073709551615"), (HashKey{0, kOnes}));
  EXPECT_EQ(ParseHashKey("18446744073709551616"), (HashKey{1, 0}));
  EXPECT_EQ(ParseHashKey(kLargest), (HashKey{kOnes, kOnes}));
  EXPECT_EQ(ParseHashKey("000" + std::string(kLargest)),
            (HashKey{kOnes, kOnes}));
  for (const char* text :
       {"", "340282366920938463463374607431768211456",
        "3402823669209384634633746074317682114550", "-1", "+1", "1 ", " 1",
        "1.0", "1e3", "a", "0x", "0xg", "x1"}) {
    EXPECT_EQ(ParseHashKey(text), std::nullopt) << text;
  }
}

TEST(HashKeyTest, HexadecimalUpToTheLargest) {
  EXPECT_EQ(ParseHashKey("0x0"), (HashKey{0, 0}));
  EXPECT_EQ(ParseHashKey("0xFf"), (HashKey{0, 255}));
  EXPECT_EQ(ParseHashKey("0X10000000000000000"), (HashKey{1, 0}));
  EXPECT_EQ(ParseHashKey("0x" + std::string(32, 'f')), (HashKey{kOnes, kOnes}));
  EXPECT_EQ(ParseHashKey("0x1" + std::string(32, '0')), std::nullopt);
}

TEST(HashKeyTest, ExplicitHashKeysAreDecimalAlone) {
  EXPECT_EQ(ParseExplicitHashKey("17"), (HashKey{0, 17}));
  EXPECT_EQ(ParseExplicitHashKey("0x17"), std::nullopt);
  EXPECT_EQ(ParseExplicitHashKey(""), std::nullopt);
}

TEST(HashKeyTest, OfAPartitionKeyItsMd5BigEndian) {
  // 0cc175b9c0f1b6a831c399e269772661
  EXPECT_EQ(HashKeyOf(OpenSslMd5(AsBytes("a"))),
            (HashKey{0x0cc175b9c0f1b6a8, 0x31c399e269772661}));
  EXPECT_EQ(HashKeyOf(OpenSslMd5(AsBytes("a"))),
            ParseHashKey("0x" + ToHex(OpenSslMd5(AsBytes("a")))));
}

TEST(HashKeyTest, OrderIsThatOfTheNumbers) {
  EXPECT_LT((HashKey{0, kOnes}), (HashKey{1, 0}));
  EXPECT_LT((HashKey{1, 0}), (HashKey{1, 1}));
}

TEST(HashRangeTest, EndsBelongToIt) {
  const Result<HashRange> range = ParseHashRange("5-0x10");
  ASSERT_TRUE(range);
  EXPECT_FALSE(range->Contains({0, 4}));
  EXPECT_TRUE(range->Contains({0, 5}));
  EXPECT_TRUE(range->Contains({0, 16}));
  EXPECT_FALSE(range->Contains({0, 17}));
  EXPECT_FALSE(range->Contains({1, 5}));
  const Result<HashRange> point = ParseHashRange("7-7");
  ASSERT_TRUE(point);
  EXPECT_TRUE(point->Contains({0, 7}));
  EXPECT_FALSE(point->Contains({0, 6}));
}

TEST(HashRangeTest, WhatIsNoneIsNamed) {
  for (const char* text : {"", "-", "1", "1-", "-1", "2-1", "1-2-3", "a-b",
                           "0-340282366920938463463374607431768211456"}) {
    const Result<HashRange> range = ParseHashRange(text);
    ASSERT_FALSE(range) << text;
    EXPECT_EQ(range.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(range.error().message,
                testing::HasSubstr("'" + std::string(text) + "'"));
  }
}

TEST(FilterTimeTest, IsoOrANumber) {
  EXPECT_EQ(ParseTime("1970-01-01T00:00:01.5Z").value(), 1'500'000);
  EXPECT_EQ(ParseTime("1970-01-01T01:00:00+01:00").value(), 0);
  EXPECT_EQ(ParseTime("1.25").value(), 1'250'000);
  EXPECT_EQ(ParseTime("-1").value(), -1'000'000);
  for (const char* text : {"", "-", ".", "now", "1970-01-01", "1h"}) {
    EXPECT_FALSE(ParseTime(text)) << text;
  }
}

TEST(KeyFileTest, OneKeyALine) {
  const ScratchDir dir;
  WriteFile(dir.File("keys"), "a\r\n\n b \nlast");
  EXPECT_THAT(ReadKeyFile(dir.File("keys")).value(),
              testing::ElementsAre("a", " b ", "last"));
  WriteFile(dir.File("none"), "\n\r\n");
  for (const char* name : {"none", "missing", ""}) {
    const Result<std::vector<std::string>> keys = ReadKeyFile(dir.File(name));
    ASSERT_FALSE(keys) << name;
    EXPECT_EQ(keys.error().code, ErrorCode::kIo);
    EXPECT_EQ(keys.error().file, dir.File(name));
  }
}

}  // namespace
}  // namespace thresh
