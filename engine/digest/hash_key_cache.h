// A cache of the hash keys of partition keys: the few keys that most streams
// use occur in every blob, and their MD5 need not be computed each time.
#ifndef THRESH_DIGEST_HASH_KEY_CACHE_H_
#define THRESH_DIGEST_HASH_KEY_CACHE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "digest/same_key.h"
#include "thresh/bytes.h"
#include "thresh/hash_key.h"

namespace thresh {

class HashKeyCache {
 public:
  // The cached hash key of `key`, whose 64-bit hash is `hash`, or null. The
  // caller chooses the hash function, always the same one.
  [[nodiscard]] const HashKey* Find(uint64_t hash, Bytes key) const {
    const Slot& slot = slots_[hash % kSlots];
    const bool found = slot.hash == hash && slot.size == key.size() &&
                       SameKey(Bytes(slot.key.data(), slot.size), key);
    return found ? &slot.hash_key : nullptr;
  }

  // Stores it in place of another; does nothing for long keys.
  void Keep(uint64_t hash, Bytes key, HashKey hash_key) {
    if (key.size() > kLongest) return;
    Slot& slot = slots_[hash % kSlots];
    slot.hash = hash;
    slot.hash_key = hash_key;
    slot.size = static_cast<uint8_t>(key.size());
    std::ranges::copy(key, slot.key.begin());
  }

 private:
  static constexpr size_t kSlots = 4096;  // of a cache line each
  static constexpr size_t kLongest = 39;

  struct Slot {
    uint64_t hash;
    HashKey hash_key;
    uint8_t size = UINT8_MAX;  // no key's
    std::array<uint8_t, kLongest> key;
  };

  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
};

}  // namespace thresh

#endif  // THRESH_DIGEST_HASH_KEY_CACHE_H_
