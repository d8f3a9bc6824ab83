// The shards of a stream, as listed by services and their tools.
#ifndef THRESH_TOOLS_KINESIS_SHARD_MAP_H_
#define THRESH_TOOLS_KINESIS_SHARD_MAP_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "kinesis/json_member.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh::kinesis {

// A shard in a list; a text is empty if it is absent.
struct ListedShard {
  std::string id;
  std::string first_hash_key;
  std::string last_hash_key;
  bool is_closed = false;
};

// Returns an error about a list of shards, which is in `file`.
[[nodiscard]] Error WrongShardMap(const std::string& file, std::string message);

// Parses `value`, an element of a list, as a shard. `text_of` maps each text to
// the form that is kept.
template <typename Json, typename TextOf>
ListedShard ReadListedShard(const Json& value, TextOf&& text_of) {
  const auto member = [&value](const char* name) -> const Json& {
    static const Json nothing;
    if (!value.is_object()) return nothing;
    const auto found = value.find(name);
    return found == value.end() ? nothing : *found;
  };
  const Json& range = member("HashKeyRange");
  const Json& numbers = member("SequenceNumberRange");
  ListedShard shard;
  shard.id = text_of(TextOrEmpty(value, "ShardId"));
  shard.first_hash_key = text_of(TextOrEmpty(range, "StartingHashKey"));
  shard.last_hash_key = text_of(TextOrEmpty(range, "EndingHashKey"));
  if (numbers.is_object()) {
    const auto end = numbers.find("EndingSequenceNumber");
    shard.is_closed = end != numbers.end() && !end->is_null();
  }
  return shard;
}

// The open shards among `listed`, in order of their hash keys. `file` is the
// name of the list in errors.
[[nodiscard]] Result<std::vector<HashKeyRange>> OpenShards(
    const std::vector<ListedShard>& listed, const std::string& file);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_SHARD_MAP_H_
