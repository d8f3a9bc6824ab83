// Which shard a hash key lies on.
#ifndef THRESH_TOOLS_KINESIS_FIND_SHARD_H_
#define THRESH_TOOLS_KINESIS_FIND_SHARD_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "thresh/hash_key.h"

namespace thresh::kinesis {

// The index in `shards` of the one that `key` lies in. CheckShards
// (thresh/shard_aggregator.h) must find nothing wrong with them.
[[nodiscard]] inline size_t FindShard(const std::vector<HashKeyRange>& shards,
                                      HashKey key) {
  const auto after =
      std::ranges::upper_bound(shards, key, {}, &HashKeyRange::first);
  return static_cast<size_t>(after - shards.begin()) - 1;
}

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_FIND_SHARD_H_
