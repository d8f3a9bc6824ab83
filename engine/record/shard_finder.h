// Finds the range that contains a hash key, for every key of every batch.
#ifndef THRESH_RECORD_SHARD_FINDER_H_
#define THRESH_RECORD_SHARD_FINDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "thresh/hash_key.h"

namespace thresh {

class ShardFinder {
 public:
  // `shards` are in order and do not overlap.
  explicit ShardFinder(const std::vector<HashKeyRange>& shards) {
    bounds_.reserve(shards.size());
    for (const HashKeyRange& shard : shards) {
      bounds_.push_back({shard.first, shard.last});
    }
    size_t shard = 0;
    for (size_t i = 0; i < kParts; ++i) {
      const HashKey begin = {.high = uint64_t{i} << kPartShift, .low = 0};
      while (shard < bounds_.size() && bounds_[shard].last < begin) ++shard;
      start_[i] = static_cast<uint32_t>(shard);
    }
  }

  [[nodiscard]] size_t size() const { return bounds_.size(); }

  // The index of the shard that contains `key`, or null.
  [[nodiscard]] std::optional<size_t> Find(HashKey key) const {
    // The first shard that ends in this part of the hash space or after it.
    size_t shard = start_[key.high >> kPartShift];
    while (shard < bounds_.size() && bounds_[shard].last < key) ++shard;
    if (shard == bounds_.size() || key < bounds_[shard].first) {
      return std::nullopt;
    }
    return shard;
  }

 private:
  static constexpr size_t kParts = 1024;  // equal ones, of the hash space
  static constexpr int kPartShift = 54;

  struct Bounds {
    HashKey first;
    HashKey last;
  };

  std::vector<Bounds> bounds_;
  std::array<uint32_t, kParts> start_ = {};
};

}  // namespace thresh

#endif  // THRESH_RECORD_SHARD_FINDER_H_
