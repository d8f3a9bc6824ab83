// Compares two keys, for tables that do so millions of times: keys are usually
// short, and a call of memcmp costs more than the comparison.
#ifndef THRESH_DIGEST_SAME_KEY_H_
#define THRESH_DIGEST_SAME_KEY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "thresh/bytes.h"

namespace thresh {

// Bytes from `a` on and as many from `b` on, compared as one number.
template <typename Number>
bool SameNumber(const uint8_t* a, const uint8_t* b) {
  Number number_a;
  Number number_b;
  std::memcpy(&number_a, a, sizeof(Number));
  std::memcpy(&number_b, b, sizeof(Number));
  return number_a == number_b;
}

inline bool SameKey(Bytes a, Bytes b) {
  const size_t size = a.size();
  if (size != b.size()) return false;
  // The first and the last bytes, which may overlap.
  const auto ends_are_same = [&]<typename Number>(Number) {
    const size_t last = size - sizeof(Number);
    return SameNumber<Number>(a.data(), b.data()) &&
           SameNumber<Number>(a.data() + last, b.data() + last);
  };
  if (size > 2 * sizeof(uint64_t)) {
    return std::memcmp(a.data(), b.data(), size) == 0;
  }
  if (size >= sizeof(uint64_t)) return ends_are_same(uint64_t{});
  if (size >= sizeof(uint32_t)) return ends_are_same(uint32_t{});
  if (size >= sizeof(uint16_t)) return ends_are_same(uint16_t{});
  return size == 0 || a[0] == b[0];
}

}  // namespace thresh

#endif  // THRESH_DIGEST_SAME_KEY_H_
