// Ranges of hash keys and times.
#include "thresh/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace thresh {
namespace {

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
  EXPECT_EQ(ParseHashRange("0-0X" + std::string(32, 'F'))->last,
            (HashKey{UINT64_MAX, UINT64_MAX}));
}

TEST(HashRangeTest, WhatIsNoneIsNamed) {
  for (const char* text :
       {"", "-", "1", "1-", "-1", "2-1", "0x-1", "0-x1", "0-0xg", "1-2-3",
        "a-b", "0-340282366920938463463374607431768211456"}) {
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

}  // namespace
}  // namespace thresh
