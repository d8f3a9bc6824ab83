// Against memcpy and memcmp, for every size around those where the method
// changes, in memory that ends where the bytes do.
#include "record/short_bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "guarded_bytes.h"

namespace thresh {
namespace {

std::vector<uint8_t> Pattern(size_t size) {
  std::vector<uint8_t> bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(i * 7 + 1);
  return bytes;
}

TEST(ShortBytes, CopiesEverySizeAndNoMore) {
  GuardedBytes memory(1);
  for (size_t size = 0; size <= 600; ++size) {
    const std::vector<uint8_t> pattern = Pattern(size);
    std::vector<uint8_t> to(size + 64, 0xEE);
    CopyShort(memory.Last(pattern).data(), size, to.data());
    std::vector<uint8_t> expected = pattern;
    expected.resize(size + 64, 0xEE);
    ASSERT_EQ(to, expected) << size;
  }
  CopyShort(nullptr, 0, nullptr);
}

TEST(ShortBytes, SeesEveryDifference) {
  GuardedBytes memory(1);
  for (size_t size = 0; size <= 80; ++size) {
    std::vector<uint8_t> b = Pattern(size);
    const Bytes a = memory.Last(Bytes(b));
    ASSERT_TRUE(SameShort(a.data(), b.data(), size));
    for (size_t i = 0; i < size; ++i) {
      b[i] ^= 0x80;
      ASSERT_FALSE(SameShort(a.data(), b.data(), size));
      b[i] ^= 0x80;
    }
  }
}

}  // namespace
}  // namespace thresh
