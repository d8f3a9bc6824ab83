// Hash keys: 128 bits in decimal, and ranges that cover all of them.
#include <gtest/gtest.h>

#include "thresh/hash_key.h"

namespace thresh {
namespace {

TEST(HashKey, ReadsAndWritesDecimal) {
  const auto expect = [](std::string_view text, HashKey key) {
    EXPECT_EQ(ParseHashKey(text), key) << text;
    EXPECT_EQ(HashKeyText(key), text);
  };
  expect("0", {0, 0});
  expect("9", {0, 9});
  expect("18446744073709551615", {0, UINT64_MAX});
  expect("18446744073709551616", {1, 0});
  expect("170141183460469231731687303715884105728", {uint64_t{1} << 63, 0});
  expect("340282366920938463463374607431768211455", {UINT64_MAX, UINT64_MAX});
  EXPECT_EQ(ParseHashKey("007"), (HashKey{0, 7}));
}

TEST(HashKey, ReadsHexadecimal) {
  EXPECT_EQ(ParseHashKey("0", 16), (HashKey{0, 0}));
  EXPECT_EQ(ParseHashKey("fF", 16), (HashKey{0, 255}));
  EXPECT_EQ(ParseHashKey("10000000000000000", 16), (HashKey{1, 0}));
  EXPECT_EQ(ParseHashKey(std::string(32, 'f'), 16),
            (HashKey{UINT64_MAX, UINT64_MAX}));
  EXPECT_FALSE(ParseHashKey("1" + std::string(32, '0'), 16).has_value());
  EXPECT_FALSE(ParseHashKey("g", 16).has_value());
}

TEST(HashKey, OrderIsThatOfTheNumbers) {
  EXPECT_LT((HashKey{0, UINT64_MAX}), (HashKey{1, 0}));
  EXPECT_LT((HashKey{1, 0}), (HashKey{1, 1}));
}

TEST(HashKey, RefusesWhatIsNone) {
  for (const char* text :
       {"", "-1", "+1", " 1", "1 ", "0x1", "1e3", "1.0",
        "340282366920938463463374607431768211456",
        "999999999999999999999999999999999999999",
        "1000000000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_FALSE(ParseHashKey(text).has_value()) << text;
  }
}

TEST(HashKey, IsOneIfItCanBeRead) {
  const std::string last = "340282366920938463463374607431768211455";
  for (const std::string& text :
       {std::string(),
        std::string("0"),
        std::string("7"),
        std::string("007"),
        std::string(500, '0'),
        std::string(500, '0') + last,
        last,
        std::string("340282366920938463463374607431768211454"),
        std::string("340282366920938463463374607431768211456"),
        std::string("340282366920938463463374607431768211460"),
        std::string("99999999999999999999999999999999999999"),
        std::string("999999999999999999999999999999999999999"),
        std::string(40, '1'),
        std::string("-1"),
        std::string("+1"),
        std::string(" 1"),
        std::string("1 "),
        std::string("1\0", 2),
        std::string("1:"),
        std::string("/"),
        std::string("undefined"),
        std::string("\xD9\xA1")}) {
    EXPECT_EQ(IsHashKey(text), ParseHashKey(text).has_value()) << text;
  }
}

TEST(EqualRanges, CoverAllHashKeys) {
  for (const uint32_t count : {1U, 2U, 3U, 7U, 16U, 1000U}) {
    const std::vector<HashKeyRange> ranges = EqualRanges(count);
    ASSERT_EQ(ranges.size(), count);
    EXPECT_EQ(ranges.front().first, (HashKey{0, 0}));
    EXPECT_EQ(ranges.back().last, (HashKey{UINT64_MAX, UINT64_MAX}));
    for (size_t i = 1; i < ranges.size(); ++i) {
      HashKey next = ranges[i - 1].last;
      if (++next.low == 0) ++next.high;
      EXPECT_EQ(next, ranges[i].first) << count << " " << i;
    }
  }
}

// As printed by `aws kinesis describe-stream` for a stream of three shards.
TEST(EqualRanges, AreThoseOfANewStream) {
  const std::vector<HashKeyRange> ranges = EqualRanges(3);
  EXPECT_EQ(HashKeyText(ranges[0].last),
            "113427455640312821154458202477256070484");
  EXPECT_EQ(HashKeyText(ranges[1].first),
            "113427455640312821154458202477256070485");
  EXPECT_EQ(HashKeyText(ranges[1].last),
            "226854911280625642308916404954512140969");
  EXPECT_EQ(HashKeyText(ranges[2].first),
            "226854911280625642308916404954512140970");
}

}  // namespace
}  // namespace thresh
