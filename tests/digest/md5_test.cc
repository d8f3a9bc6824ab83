// The one-message MD5 against RFC 1321's test vectors and OpenSSL. Everything
// else in this directory is tested against OpenSSL as well, never against this
// implementation.
#include "digest/md5.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "digest/md5_block.h"
#include "digest/md5_testing.h"
#include "guarded_bytes.h"

namespace thresh {
namespace {

using ::testing::Le;

TEST(Md5, GivesTheVectorsOfRfc1321) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
       "d174ab98d277d9f5a5611c2c9f419d9f"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901"
       "234567890",
       "57edf4a22be3c955ac49da2e2107b67a"}};
  for (const auto& [message, digest] : vectors) {
    EXPECT_EQ(ToHex(Md5(AsBytes(message))), digest) << message;
  }
}

TEST(Md5, AcceptsAnEmptySpanWithoutAddress) {
  EXPECT_EQ(ToHex(Md5(Bytes())), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(Md5, AgreesWithOpenSslOnEveryLengthAndAlignment) {
  const std::vector<uint8_t> bytes = RandomBytes(1, 400);
  for (size_t alignment = 0; alignment < 64; ++alignment) {
    for (size_t size = 0; size <= 300; ++size) {
      const Bytes message = Bytes(bytes).subspan(alignment, size);
      ASSERT_EQ(Md5(message), OpenSslMd5(message)) << alignment << " " << size;
    }
  }
}

TEST(Md5, AgreesWithOpenSslOnLongMessages) {
  const std::vector<uint8_t> bytes = RandomBytes(2, 3 << 20);
  for (size_t size = 1000; size + 64 < bytes.size(); size = size * 3 + 7) {
    for (const size_t alignment : {0U, 1U, 31U, 63U}) {
      const Bytes message = Bytes(bytes).subspan(alignment, size);
      ASSERT_EQ(Md5(message), OpenSslMd5(message)) << alignment << " " << size;
    }
  }
}

TEST(Md5, ReadsNothingOutsideTheMessage) {
  GuardedBytes guarded(1);
  for (size_t size = 0; size <= 300; ++size) {
    const Bytes message = guarded.Last(RandomBytes(size, size));
    ASSERT_EQ(Md5(message), OpenSslMd5(message)) << size;
  }
}

TEST(Md5Prefixes, GiveTheDigestOfEveryPrefix) {
  const std::vector<uint8_t> bytes = RandomBytes(3, 1000);
  Md5Prefixes prefixes(bytes);
  for (size_t size = 0; size <= bytes.size(); ++size) {
    ASSERT_EQ(prefixes.DigestOf(size), OpenSslMd5(Bytes(bytes).first(size)))
        << size;
  }
}

TEST(Md5Prefixes, MayBeAskedTwiceAndWithGaps) {
  const std::vector<uint8_t> bytes = RandomBytes(4, 5000);
  for (size_t gap = 1; gap < bytes.size(); gap = gap * 2 + 1) {
    Md5Prefixes prefixes(bytes);
    for (size_t size = 0; size <= bytes.size(); size += gap) {
      const Md5Digest expected = OpenSslMd5(Bytes(bytes).first(size));
      ASSERT_EQ(prefixes.DigestOf(size), expected) << gap << " " << size;
      ASSERT_EQ(prefixes.DigestOf(size), expected) << gap << " " << size;
    }
  }
}

TEST(Md5Block, CountsTheBlocksThatATailCompletes) {
  const std::vector<uint8_t> bytes = RandomBytes(5, 300);
  for (size_t size = 0; size <= bytes.size(); ++size) {
    std::vector<uint8_t> tail(2 * md5::kBlockSize);
    const size_t blocks = md5::WriteTail(Bytes(bytes).first(size), tail.data());
    ASSERT_THAT(blocks, Le(2U));
    ASSERT_EQ(md5::BlockCount(size), size / md5::kBlockSize + blocks) << size;
  }
}

}  // namespace
}  // namespace thresh
