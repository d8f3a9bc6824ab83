// A hash of 128 bits.
#ifndef THRESH_DIGEST_HASH128_H_
#define THRESH_DIGEST_HASH128_H_

#include <cstdint>

namespace thresh {

struct Hash128 {
  uint64_t low;
  uint64_t high;

  friend bool operator==(const Hash128&, const Hash128&) = default;
};

}  // namespace thresh

#endif  // THRESH_DIGEST_HASH128_H_
