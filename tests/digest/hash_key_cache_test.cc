// The cache of hash keys, and the key comparison that it uses.
#include "digest/hash_key_cache.h"

#include <gtest/gtest.h>

#include <string>

#include "digest/same_key.h"

namespace thresh {
namespace {

TEST(SameKeyTest, ComparesEachByteOfEachSize) {
  for (size_t size = 0; size < 40; ++size) {
    const std::string key(size, 'k');
    EXPECT_TRUE(SameKey(AsBytes(key), AsBytes(std::string(key))));
    EXPECT_FALSE(SameKey(AsBytes(key), AsBytes(key + "k")));
    for (size_t i = 0; i < size; ++i) {
      std::string other = key;
      other[i] = 'K';
      EXPECT_FALSE(SameKey(AsBytes(key), AsBytes(other))) << size << " " << i;
    }
  }
}

TEST(HashKeyCacheTest, FindsWhatWasKeptForTheVeryKey) {
  HashKeyCache cache;
  const Bytes key = AsBytes("key");
  EXPECT_EQ(cache.Find(0, {}), nullptr);
  EXPECT_EQ(cache.Find(0, key), nullptr);
  cache.Keep(7, key, {.high = 1, .low = 2});
  ASSERT_NE(cache.Find(7, AsBytes("key")), nullptr);
  EXPECT_EQ(*cache.Find(7, key), (HashKey{.high = 1, .low = 2}));
  // A different key with the same hash; the same key with another hash.
  EXPECT_EQ(cache.Find(7, AsBytes("yek")), nullptr);
  EXPECT_EQ(cache.Find(7, AsBytes("keys")), nullptr);
  EXPECT_EQ(cache.Find(8, key), nullptr);
  // Another key takes the slot.
  cache.Keep(7, AsBytes("yek"), {.high = 3, .low = 4});
  EXPECT_EQ(cache.Find(7, key), nullptr);
  EXPECT_EQ(cache.Find(7, AsBytes("yek"))->low, 4U);
}

TEST(HashKeyCacheTest, LeavesLongKeysOut) {
  HashKeyCache cache;
  for (size_t size = 0; size < 300; ++size) {
    const std::string key(size, 'k');
    cache.Keep(size, AsBytes(key), {.high = size, .low = 0});
    const HashKey* found = cache.Find(size, AsBytes(key));
    EXPECT_EQ(found != nullptr, size < 40) << size;
  }
}

}  // namespace
}  // namespace thresh
