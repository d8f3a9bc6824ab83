// A set of 128-bit hashes within bounded memory.
#ifndef THRESH_FILTER_HASH_SET_H_
#define THRESH_FILTER_HASH_SET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "digest/hash128.h"

namespace thresh {

class HashSet {
 public:
  enum class Outcome : uint8_t { kAdded, kPresent, kFull };

  // Takes at most `max_bytes` of memory, at any time.
  explicit HashSet(uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // Adds `hash` unless it is present or there is no room for it.
  Outcome Add(Hash128 hash);

  [[nodiscard]] uint64_t size() const { return size_; }

 private:
  // An open-addressing table, a power of two long, in which zero means empty.
  // There are many, which grow separately: so the memory needed while one grows
  // is a small part of the whole.
  struct Part {
    std::vector<Hash128> slots;
    size_t used = 0;
  };

  bool Grow(Part* part);

  uint64_t max_bytes_;
  uint64_t bytes_ = 0;
  uint64_t size_ = 0;
  std::array<Part, 256> parts_;
};

}  // namespace thresh

#endif  // THRESH_FILTER_HASH_SET_H_
