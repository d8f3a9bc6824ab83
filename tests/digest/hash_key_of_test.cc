// Hash keys of partition keys.
#include "digest/hash_key_of.h"

#include <gtest/gtest.h>

#include "digest/md5_testing.h"

namespace thresh {
namespace {

TEST(HashKeyOfTest, IsTheMd5BigEndian) {
  // 0cc175b9c0f1b6a831c399e269772661
  EXPECT_EQ(HashKeyOf(OpenSslMd5(AsBytes("a"))),
            (HashKey{0x0cc175b9c0f1b6a8, 0x31c399e269772661}));
  EXPECT_EQ(HashKeyOf(OpenSslMd5(AsBytes("a"))),
            ParseHashKey(ToHex(OpenSslMd5(AsBytes("a"))), 16));
}

}  // namespace
}  // namespace thresh
