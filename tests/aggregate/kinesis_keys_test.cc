#include "thresh/kinesis_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace thresh {
namespace {

std::string Times(size_t count, std::string_view text) {
  std::string result;
  for (size_t i = 0; i < count; ++i) result += text;
  return result;
}

TEST(KinesisKeys, PartitionKeysHave1To256Characters) {
  EXPECT_FALSE(CheckPartitionKey(""));
  for (const std::string_view character :
       {"k", "\xC3\xA9", "\xE3\x82\xAD", "\xF0\x9F\x94\x91"}) {
    EXPECT_TRUE(CheckPartitionKey(character));
    EXPECT_TRUE(CheckPartitionKey(Times(256, character)));
    const Result<void> too_long = CheckPartitionKey(Times(257, character));
    ASSERT_FALSE(too_long);
    EXPECT_EQ(too_long.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(too_long.error().message, testing::HasSubstr("257"));
  }
}

TEST(KinesisKeys, PartitionKeysAreUtf8) {
  EXPECT_TRUE(CheckPartitionKey(std::string_view("\0", 1)));
  for (const std::string_view bytes :
       {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    EXPECT_FALSE(CheckPartitionKey(bytes));
  }
}

TEST(KinesisKeys, ExplicitHashKeysAreCanonicalNumbersBelow2To128) {
  for (const std::string_view key :
       {"0", "1", "10", "99999999999999999999999999999999999999",
        "340282366920938463463374607431768211455"}) {
    EXPECT_TRUE(CheckExplicitHashKey(key)) << key;
  }
  for (const std::string_view key :
       {"", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "a",
        "340282366920938463463374607431768211456",
        "999999999999999999999999999999999999999",
        "1000000000000000000000000000000000000000"}) {
    const Result<void> checked = CheckExplicitHashKey(key);
    ASSERT_FALSE(checked) << key;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(KinesisKeys, EffectiveHashKeyIsTheExplicitOneOrTheMd5) {
  EXPECT_EQ(EffectiveHashKey("a", "42"), (HashKey{0, 42}));
  EXPECT_EQ(EffectiveHashKey("a", "0042"), (HashKey{0, 42}));
  EXPECT_EQ(EffectiveHashKey("a", std::nullopt),
            (HashKey{0x0cc175b9c0f1b6a8, 0x31c399e269772661}));
  EXPECT_EQ(EffectiveHashKey("", std::nullopt),
            (HashKey{0xd41d8cd98f00b204, 0xe9800998ecf8427e}));
  EXPECT_EQ(EffectiveHashKey("a", ""), std::nullopt);
  EXPECT_EQ(EffectiveHashKey("a", "x"), std::nullopt);
  EXPECT_EQ(EffectiveHashKey("a", "340282366920938463463374607431768211456"),
            std::nullopt);
}

}  // namespace
}  // namespace thresh
