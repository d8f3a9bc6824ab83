// 128 bits as four limbs of 32: that is plain C++, and fast enough for what
// stands in key tables.
#include "filter/hash_key.h"

#include <array>
#include <cstdint>

namespace thresh {
namespace {

// The value of a digit in bases up to 16, or 16 for what is none.
uint32_t DigitValue(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint32_t>(c - 'A' + 10);
  return 16;
}

std::optional<HashKey> Parse(std::string_view digits, uint32_t base) {
  if (digits.empty()) return std::nullopt;
  std::array<uint32_t, 4> limbs = {};  // the least significant one first
  for (const char c : digits) {
    const uint32_t digit = DigitValue(c);
    if (digit >= base) return std::nullopt;
    uint64_t carry = digit;
    for (uint32_t& limb : limbs) {
      carry += uint64_t{limb} * base;
      limb = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) return std::nullopt;
  }
  return HashKey{.high = uint64_t{limbs[3]} << 32 | limbs[2],
                 .low = uint64_t{limbs[1]} << 32 | limbs[0]};
}

uint64_t ReadBigEndian(const uint8_t* at) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | at[i];
  return value;
}

}  // namespace

std::optional<HashKey> ParseExplicitHashKey(std::string_view text) {
  return Parse(text, 10);
}

std::optional<HashKey> ParseHashKey(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    return Parse(text.substr(2), 16);
  }
  return Parse(text, 10);
}

HashKey HashKeyOf(const Md5Digest& digest) {
  return {.high = ReadBigEndian(digest.data()),
          .low = ReadBigEndian(digest.data() + 8)};
}

}  // namespace thresh
