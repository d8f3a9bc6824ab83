// Long multiplication and division of 128-bit numbers, four limbs of 32 bits
// each: few numbers are converted here, and no compiler extension is needed.
#include "thresh/hash_key.h"

#include <algorithm>
#include <array>

namespace thresh {
namespace {

using Limbs = std::array<uint32_t, 4>;  // most significant first

HashKey ToHashKey(const Limbs& limbs) {
  return {.high = uint64_t{limbs[0]} << 32 | limbs[1],
          .low = uint64_t{limbs[2]} << 32 | limbs[3]};
}

Limbs ToLimbs(HashKey key) {
  return {static_cast<uint32_t>(key.high >> 32),
          static_cast<uint32_t>(key.high), static_cast<uint32_t>(key.low >> 32),
          static_cast<uint32_t>(key.low)};
}

// Divides in place, with `remainder` as a leading limb, and returns the
// remainder. `remainder` is less than `divisor`.
uint32_t Divide(uint32_t remainder, uint32_t divisor, Limbs* limbs) {
  uint64_t rest = remainder;
  for (uint32_t& limb : *limbs) {
    const uint64_t part = rest << 32 | limb;
    limb = static_cast<uint32_t>(part / divisor);
    rest = part % divisor;
  }
  return static_cast<uint32_t>(rest);
}

// The value of a digit in bases up to 16, or 16 if it is not a digit.
uint32_t DigitValue(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint32_t>(c - 'A' + 10);
  return 16;
}

HashKey Before(HashKey key) {
  return {.high = key.high - (key.low == 0 ? 1 : 0), .low = key.low - 1};
}

}  // namespace

std::optional<HashKey> ParseHashKey(std::string_view digits, uint32_t base) {
  if (digits.empty()) return std::nullopt;
  Limbs limbs = {};
  for (const char c : digits) {
    const uint32_t digit = DigitValue(c);
    if (digit >= base) return std::nullopt;
    uint64_t carry = digit;
    for (size_t i = limbs.size(); i-- > 0;) {
      carry += uint64_t{limbs[i]} * base;
      limbs[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) return std::nullopt;
  }
  return ToHashKey(limbs);
}

bool IsHashKey(std::string_view digits) {
  constexpr std::string_view kLast = "340282366920938463463374607431768211455";
  if (digits.empty() || !std::ranges::all_of(digits, [](char c) {
        return c >= '0' && c <= '9';
      })) {
    return false;
  }
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.size() < kLast.size() ||
         (digits.size() == kLast.size() && digits <= kLast);
}

std::string HashKeyText(HashKey key) {
  Limbs limbs = ToLimbs(key);
  std::string text;
  do {
    text += static_cast<char>('0' + Divide(0, 10, &limbs));
  } while (limbs != Limbs{});
  std::ranges::reverse(text);
  return text;
}

std::vector<HashKeyRange> EqualRanges(uint32_t count) {
  std::vector<HashKeyRange> ranges(count);
  for (uint32_t i = 0; i < count; ++i) {
    Limbs start = {};
    Divide(i, count, &start);
    ranges[i].name = std::to_string(i);
    ranges[i].first = ToHashKey(start);
    if (i > 0) ranges[i - 1].last = Before(ranges[i].first);
  }
  if (!ranges.empty()) ranges.back().last = {UINT64_MAX, UINT64_MAX};
  return ranges;
}

}  // namespace thresh
