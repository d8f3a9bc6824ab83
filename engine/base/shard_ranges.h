// Checks shards' ranges of hash keys.
#ifndef THRESH_BASE_SHARD_RANGES_H_
#define THRESH_BASE_SHARD_RANGES_H_

#include <optional>
#include <span>
#include <string>

#include "thresh/hash_key.h"

namespace thresh {

// What is wrong if a range ends before it starts, or the ranges are not in
// order without overlap; null if nothing is.
std::optional<std::string> ProblemOfShardRanges(
    std::span<const HashKeyRange> shards);

}  // namespace thresh

#endif  // THRESH_BASE_SHARD_RANGES_H_
