// See checkpoint.h. The file may have been edited: nothing in it is trusted
// that could lose a record.
#include "kinesis/checkpoint.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/printable.h"
#include "kinesis/failed.h"
#include "kinesis/json_member.h"

namespace thresh::kinesis {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kVersionName = "thresh_replay_checkpoint";
constexpr uint64_t kVersion = 1;

Error Broken(const std::string& file) {
  return Failed(ErrorCode::kContainer, "is no checkpoint of thresh replay",
                "name another file, or remove this one to begin anew", file)
      .value();
}

std::optional<uint64_t> NumberIn(const OrderedJson& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<uint64_t>();
}

OrderedJson ToJson(const HashKeyRange& shard, const Acknowledged& done) {
  OrderedJson json = {{"shard", shard.name},
                      {"first_hash_key", HashKeyText(shard.first)},
                      {"last_hash_key", HashKeyText(shard.last)},
                      {"records_before", done.prefix()}};
  if (!done.beyond().empty()) {
    OrderedJson beyond = OrderedJson::array();
    for (const auto& [first, end] : done.beyond()) {
      beyond.push_back({first, end});
    }
    json["records_beyond"] = std::move(beyond);
  }
  return json;
}

// Adds the ranges of `list`, which must be in order and past the prefix.
bool ReadRanges(const OrderedJson& list, Acknowledged* done) {
  if (!list.is_array()) return false;
  uint64_t end = done->prefix();
  for (const OrderedJson& range : list) {
    if (!range.is_array() || range.size() != 2) return false;
    const auto first = NumberIn(range[0]);
    const auto last = NumberIn(range[1]);
    if (!first || !last || *first <= end || *last <= *first) return false;
    end = *last;
    done->Add(*first, *last - *first);
  }
  return true;
}

bool ReadShard(const OrderedJson& json, Checkpoint* checkpoint) {
  if (!json.is_object() || !json.contains("records_before")) return false;
  const std::string* const name = FindText(json, "shard");
  const auto first = ParseHashKey(TextOrEmpty(json, "first_hash_key"));
  const auto last = ParseHashKey(TextOrEmpty(json, "last_hash_key"));
  const auto before = NumberIn(json["records_before"]);
  if (name == nullptr || !first || !last || !before) return false;
  Acknowledged done;
  if (*before > 0) done.Add(0, *before);
  if (json.contains("records_beyond") &&
      !ReadRanges(json["records_beyond"], &done)) {
    return false;
  }
  checkpoint->run.shards.push_back({*name, *first, *last});
  checkpoint->done.push_back(std::move(done));
  return true;
}

bool SameShards(const std::vector<HashKeyRange>& a,
                const std::vector<HashKeyRange>& b) {
  return std::ranges::equal(
      a, b, [](const HashKeyRange& one, const HashKeyRange& other) {
        return one.name == other.name && one.first == other.first &&
               one.last == other.last;
      });
}

}  // namespace

Result<void> CheckSameRun(const RunIdentity& saved, const RunIdentity& now,
                          const std::string& file) {
  std::string what;
  if (saved.stream != now.stream) {
    what = "the stream " + Printable(saved.stream);
  } else if (saved.inputs != now.inputs) {
    what = "other inputs";
  } else if (saved.options != now.options) {
    what = "other options (" + Printable(saved.options) + ")";
  } else if (!SameShards(saved.shards, now.shards)) {
    what = "other shards than the stream has now";
  } else {
    return {};
  }
  return Failed(ErrorCode::kInvalidArgument, "is a checkpoint of " + what,
                "name another file, or remove this one to send everything",
                file);
}

std::string ToText(const Checkpoint& checkpoint) {
  OrderedJson json = {{kVersionName, kVersion},
                      {"stream", checkpoint.run.stream},
                      {"inputs", checkpoint.run.inputs},
                      {"options", checkpoint.run.options},
                      {"complete", checkpoint.complete}};
  OrderedJson& shards = json["shards"] = OrderedJson::array();
  for (size_t i = 0; i < checkpoint.done.size(); ++i) {
    shards.push_back(ToJson(checkpoint.run.shards[i], checkpoint.done[i]));
  }
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

Result<Checkpoint> ParseCheckpoint(std::string_view text,
                                   const std::string& file) {
  const OrderedJson json =
      OrderedJson::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains(kVersionName) ||
      json[kVersionName] != kVersion || !json.contains("shards") ||
      !json["shards"].is_array() || !json.contains("complete") ||
      !json["complete"].is_boolean()) {
    return tl::unexpected(Broken(file));
  }
  Checkpoint checkpoint;
  const std::string* const stream = FindText(json, "stream");
  const std::string* const inputs = FindText(json, "inputs");
  const std::string* const options = FindText(json, "options");
  if (stream == nullptr || inputs == nullptr || options == nullptr) {
    return tl::unexpected(Broken(file));
  }
  checkpoint.run.stream = *stream;
  checkpoint.run.inputs = *inputs;
  checkpoint.run.options = *options;
  checkpoint.complete = json["complete"].get<bool>();
  for (const OrderedJson& shard : json["shards"]) {
    if (!ReadShard(shard, &checkpoint)) return tl::unexpected(Broken(file));
  }
  return checkpoint;
}

}  // namespace thresh::kinesis
