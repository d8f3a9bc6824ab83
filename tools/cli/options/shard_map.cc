// See shard_map.h. The file is somebody else's: nothing is taken for granted
// but its size, which is bounded.
#include "cli/options/shard_map.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/printable.h"
#include "cli/report/json_value.h"
#include "io/read.h"

namespace thresh::cli {
namespace {

constexpr size_t kMostBytes = size_t{64} << 20;

Error WrongShardMap(const std::string& file, std::string message) {
  return Error{.code = ErrorCode::kContainer,
               .file = file,
               .offset = std::nullopt,
               .message = std::move(message),
               .remedy =
                   "give what 'aws kinesis list-shards' or "
                   "'describe-stream' printed as JSON"};
}

// The member `name` of `value`, or null.
const Json* Find(const Json* value, const char* name) {
  if (value == nullptr || !value->is_object()) return nullptr;
  const auto found = value->find(name);
  return found == value->end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> TextOf(const Json* value) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<HashKey> HashKeyOf(const Json* range, const char* name) {
  const std::optional<std::string> text = TextOf(Find(range, name));
  return text ? ParseHashKey(*text) : std::nullopt;
}

}  // namespace

Result<std::vector<HashKeyRange>> ParseShardMap(std::string_view json,
                                                const std::string& name) {
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded())
    return tl::unexpected(WrongShardMap(name, "is not JSON"));
  const Json* const description = Find(&root, "StreamDescription");
  const Json* const list =
      Find(description != nullptr ? description : &root, "Shards");
  if (list == nullptr || !list->is_array()) {
    return tl::unexpected(WrongShardMap(name, "has no list of Shards"));
  }
  std::vector<HashKeyRange> shards;
  for (const Json& shard : *list) {
    const std::optional<std::string> id = TextOf(Find(&shard, "ShardId"));
    const Json* const range = Find(&shard, "HashKeyRange");
    const auto first = HashKeyOf(range, "StartingHashKey");
    const auto last = HashKeyOf(range, "EndingHashKey");
    if (!id || !first || !last) {
      return tl::unexpected(
          WrongShardMap(name, "a shard lacks its ShardId or HashKeyRange"));
    }
    const Json* const numbers = Find(&shard, "SequenceNumberRange");
    if (Find(numbers, "EndingSequenceNumber") != nullptr) continue;
    if (*last < *first) {
      return tl::unexpected(WrongShardMap(
          name, "shard " + Printable(*id) + " ends before it starts"));
    }
    shards.push_back({*id, *first, *last});
  }
  if (shards.empty())
    return tl::unexpected(WrongShardMap(name, "has no open shard"));
  std::ranges::sort(shards, {}, &HashKeyRange::first);
  for (size_t i = 1; i < shards.size(); ++i) {
    if (shards[i].first <= shards[i - 1].last) {
      return tl::unexpected(WrongShardMap(
          name, "shards " + Printable(shards[i - 1].name) + " and " +
                    Printable(shards[i].name) + " overlap"));
    }
  }
  return shards;
}

Result<std::vector<HashKeyRange>> ReadShardMap(const std::string& path) {
  const Descriptor file = OpenToRead(path);
  const std::optional<std::string> text =
      file.is_open() ? ReadToEnd(file.number(), kMostBytes) : std::nullopt;
  if (!text) {
    return tl::unexpected(Error{.code = ErrorCode::kIo,
                                .file = path,
                                .offset = std::nullopt,
                                .message = std::strerror(errno),
                                .remedy = {}});
  }
  if (text->size() > kMostBytes) {
    return tl::unexpected(WrongShardMap(path, "is too large for a shard map"));
  }
  return ParseShardMap(*text, path);
}

}  // namespace thresh::cli
