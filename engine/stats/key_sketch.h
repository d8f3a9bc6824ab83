// The keys with most records and with most bytes, in bounded memory: the
// algorithm of Misra and Gries in batches. Until the table is full, every key
// has an exact count. When it is full, the same amount is subtracted from all
// counts and the keys left with nothing are removed; the sum of these amounts
// is the error. Also HyperLogLog, which estimates the number of distinct keys.
#ifndef THRESH_STATS_KEY_SKETCH_H_
#define THRESH_STATS_KEY_SKETCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/hash_key.h"
#include "thresh/stats.h"

namespace thresh {

class KeySketch {
 public:
  // Keeps at most `capacity` keys, at least 8, from one Settle to the next.
  // Each time that keys are removed at most half of them are kept, and the
  // errors are at most a fraction 4 / capacity of all records and of all bytes.
  explicit KeySketch(size_t capacity = TopKeys::kExactKeys);

  // Counts `records` of `key`, of kLongestKey bytes at most, with `bytes` of
  // data. `records` is not 0. The key is copied. `hash` is its KeyedHash64, and
  // `hash_key` its MD5, from which the number of keys is estimated: unlike the
  // hash, it is the same in every process.
  void Add(uint64_t hash, HashKey hash_key, Bytes key, uint64_t records,
           uint64_t bytes) {
    if (AddCounted(hash, key, records, bytes)) Register(hash_key);
    if (entries_.size() > kBurst * capacity_) Forget();
  }

  // Removes keys if there are more than the capacity. What is kept depends on
  // what was added between two calls, not on its order, if that was at most
  // kBurst times the capacity.
  void Settle() {
    if (entries_.size() > capacity_) Forget();
  }

  // Adds all that `other` counted; the errors add up as well.
  void Merge(const KeySketch& other);

  // The `top` first keys by each measure.
  [[nodiscard]] TopKeys Top(size_t top) const;

 private:
  static constexpr size_t kBurst = 16;
  static constexpr unsigned kRegisterBits = 14;

  struct Entry {
    uint64_t hash;
    uint64_t records;
    uint64_t bytes;
    size_t key;  // where it begins in keys_
    size_t key_size;
  };

  // Returns whether the key is new.
  bool AddCounted(uint64_t hash, Bytes key, uint64_t records, uint64_t bytes);
  [[nodiscard]] Bytes KeyOf(const Entry& entry) const {
    return AsBytes(std::string_view(keys_).substr(entry.key, entry.key_size));
  }
  [[nodiscard]] size_t PlaceOf(uint64_t hash, Bytes key) const;
  void GrowPlaces();
  void FillPlaces();
  void Forget();
  void Register(HashKey hash_key);
  [[nodiscard]] uint64_t EstimateDistinct() const;
  [[nodiscard]] std::vector<KeyCount> Most(uint64_t Entry::* measure,
                                           size_t top) const;

  size_t capacity_;
  std::vector<Entry> entries_;
  std::string keys_;
  // An open hash table: a slot holds an entry's index + 1, or 0.
  std::vector<uint32_t> places_;
  uint64_t records_error_ = 0;
  uint64_t bytes_error_ = 0;
  bool forgot_ = false;
  std::array<uint8_t, size_t{1} << kRegisterBits> registers_ = {};
};

}  // namespace thresh

#endif  // THRESH_STATS_KEY_SKETCH_H_
