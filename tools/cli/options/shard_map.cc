// See shard_map.h. The file is untrusted; its size is bounded.
#include "cli/options/shard_map.h"

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/errors.h"
#include "cli/report/json_value.h"
#include "io/read.h"
#include "kinesis/shard_map.h"

namespace thresh::cli {
namespace {

constexpr size_t kMaxBytes = size_t{64} << 20;

// The member `name` of `value`, or null.
const Json* Find(const Json& value, const char* name) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(name);
  return found == value.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

Result<std::vector<HashKeyRange>> ParseShardMap(std::string_view json,
                                                const std::string& name) {
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded())
    return tl::unexpected(kinesis::WrongShardMap(name, "is not JSON"));
  const Json* const description = Find(root, "StreamDescription");
  const Json* const list =
      Find(description != nullptr ? *description : root, "Shards");
  if (list == nullptr || !list->is_array()) {
    return tl::unexpected(
        kinesis::WrongShardMap(name, "has no list of Shards"));
  }
  std::vector<kinesis::ListedShard> shards;
  for (const Json& shard : *list) {
    shards.push_back(
        kinesis::ReadListedShard(shard, [](std::string text) { return text; }));
  }
  return kinesis::OpenShards(shards, name);
}

Result<std::vector<HashKeyRange>> ReadShardMap(const std::string& path) {
  const Descriptor file = OpenToRead(path);
  const std::optional<std::string> text =
      file.is_open() ? ReadToEnd(file.number(), kMaxBytes) : std::nullopt;
  if (!text) return tl::unexpected(IoError(path, std::strerror(errno), {}));
  if (text->size() > kMaxBytes) {
    return tl::unexpected(
        kinesis::WrongShardMap(path, "is too large for a shard map"));
  }
  return ParseShardMap(*text, path);
}

}  // namespace thresh::cli
