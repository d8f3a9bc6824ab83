// See shard_map.h.
#include "kinesis/shard_map.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "base/printable.h"
#include "base/shard_ranges.h"

namespace thresh::kinesis {

Error WrongShardMap(const std::string& file, std::string message) {
  return InputError(file, std::nullopt, std::move(message),
                    "give the output of 'aws kinesis list-shards' or "
                    "'describe-stream' as JSON");
}

Result<std::vector<HashKeyRange>> OpenShards(
    const std::vector<ListedShard>& listed, const std::string& file) {
  const auto wrong = [&file](std::string message) {
    return tl::unexpected(WrongShardMap(file, std::move(message)));
  };
  std::vector<HashKeyRange> shards;
  for (const ListedShard& shard : listed) {
    const std::optional<HashKey> first = ParseHashKey(shard.first_hash_key);
    const std::optional<HashKey> last = ParseHashKey(shard.last_hash_key);
    if (shard.id.empty() || !first || !last) {
      return wrong("a shard lacks its ShardId or HashKeyRange");
    }
    if (shard.is_closed) continue;
    shards.push_back({shard.id, *first, *last});
  }
  if (shards.empty()) return wrong("has no open shard");
  std::ranges::sort(shards, {}, &HashKeyRange::first);
  if (std::optional<std::string> problem = ProblemOfShardRanges(shards)) {
    return wrong(*std::move(problem));
  }
  return shards;
}

}  // namespace thresh::kinesis
