#include "base/shard_ranges.h"

#include <algorithm>

#include "base/printable.h"

namespace thresh {

std::optional<std::string> ProblemOfShardRanges(
    std::span<const HashKeyRange> shards) {
  for (const HashKeyRange& shard : shards) {
    if (shard.last < shard.first) {
      return "shard " + Printable(shard.name) + " ends before it starts";
    }
  }
  const auto overlap = std::ranges::adjacent_find(
      shards, [](const HashKeyRange& before, const HashKeyRange& after) {
        return after.first <= before.last;
      });
  if (overlap == shards.end()) return std::nullopt;
  return "shards " + Printable(overlap[0].name) + " and " +
         Printable(overlap[1].name) + " overlap or are out of order";
}

}  // namespace thresh
