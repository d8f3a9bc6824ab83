// Hash keys: Kinesis maps every record to a 128-bit number, and each shard owns
// a range of these.
#ifndef THRESH_HASH_KEY_H_
#define THRESH_HASH_KEY_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thresh/export.h"

namespace thresh {

// An integer in [0, 2^128 - 1].
struct HashKey {
  uint64_t high = 0;
  uint64_t low = 0;

  friend auto operator<=>(const HashKey&, const HashKey&) = default;
};

// Reads digits of base 10 or 16 and nothing else; leading zeros are allowed.
// Null for anything else and for more than 128 bits.
[[nodiscard]] THRESH_EXPORT std::optional<HashKey> ParseHashKey(
    std::string_view digits, uint32_t base = 10);

// Whether ParseHashKey reads `digits`, of base 10, at less cost.
[[nodiscard]] THRESH_EXPORT bool IsHashKey(std::string_view digits);

// The decimal digits of `key`, without leading zeros.
[[nodiscard]] THRESH_EXPORT std::string HashKeyText(HashKey key);

// A shard, or a range used as one. `first` and `last` are both inclusive.
struct HashKeyRange {
  std::string name;
  HashKey first;
  HashKey last;
};

// `count` ranges as equal as they can be, in order, that cover all hash keys;
// range i, named by its number, starts at floor(i * 2^128 / count). At least 1
// and at most 2^31.
[[nodiscard]] THRESH_EXPORT std::vector<HashKeyRange> EqualRanges(
    uint32_t count);

}  // namespace thresh

#endif  // THRESH_HASH_KEY_H_
