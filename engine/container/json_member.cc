// See json_member.h.
#include "container/json_member.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "container/json_metadata.h"
#include "container/json_string.h"

namespace thresh {
namespace {

struct NamedRole {
  std::string_view name;
  JsonRole role;
};
constexpr std::array<NamedRole, 18> kRoles = {{
    {"records", JsonRole::kRecords},
    {"messages", JsonRole::kMessages},              // SQS
    {"payload", JsonRole::kEvent},                  // Lambda
    {"requestPayload", JsonRole::kEvent},           // Lambda's destinations
    {"body", JsonRole::kWrapper},                   // SQS
    {"message", JsonRole::kWrapper},                // SNS
    {"detail", JsonRole::kWrapper},                 // EventBridge
    {"subscribeToShardEvent", JsonRole::kWrapper},  // Kinesis
    {"sns", JsonRole::kSns},
    {"kinesisBatchInfo", JsonRole::kBatchInfo},
    {"sourceKinesisStreamArn", JsonRole::kStreamArn},
    {"streamArn", JsonRole::kStreamArn},
    {"nextShardIterator", JsonRole::kAnswer},
    {"millisBehindLatest", JsonRole::kAnswer},
    {"continuationSequenceNumber", JsonRole::kAnswer},
    {"childShards", JsonRole::kAnswerDetail},
    {"responseMetadata", JsonRole::kAnswerDetail},  // boto3
    {"$metadata", JsonRole::kAnswerDetail},         // JavaScript
}};
constexpr JsonNameFilter kRoleNames(kRoles);

// Calls visit(key, value) for each member of `object`, if it is one.
template <typename Visit>
void ForMembers(const JsonValue& object, Visit&& visit) {
  if (object.type != JsonType::kObject) return;
  JsonCursor cursor(object.text);
  cursor.Enter();
  JsonValue key;
  JsonValue value;
  while (cursor.NextMember(&key) && cursor.Read(&value)) visit(key, value);
}

}  // namespace

JsonRole RoleOf(const JsonValue& key) {
  if (!kRoleNames.MayHave(key)) return JsonRole::kNone;
  const auto* const entry = std::ranges::find_if(
      kRoles,
      [&key](const NamedRole& role) { return IsNamed(key, role.name); });
  return entry == kRoles.end() ? JsonRole::kNone : entry->role;
}

JsonValue StreamArnOf(const JsonValue& batch_info) {
  JsonValue arn;
  ForMembers(batch_info, [&arn](const JsonValue& key, const JsonValue& value) {
    if (IsNamed(key, "streamArn")) arn = value;
  });
  return arn;
}

MissingRange ReadMissingRange(const JsonValue& batch_info,
                              std::optional<Bytes> stream, size_t offset,
                              JsonFrames* frames) {
  MissingRange range;
  range.offset = offset;
  if (stream.has_value()) range.stream = AsText(*stream);
  const auto copy = [frames](const JsonValue& value, std::string* out) {
    const std::optional<Bytes> text = JsonTextOf(value, frames);
    if (text.has_value()) *out = AsText(*text);
  };
  ForMembers(batch_info, [&](const JsonValue& key, const JsonValue& value) {
    if (IsNamed(key, "shardId")) copy(value, &range.shard_id);
    if (IsNamed(key, "startSequenceNumber")) copy(value, &range.first);
    if (IsNamed(key, "endSequenceNumber")) copy(value, &range.last);
    if (IsNamed(key, "batchSize") && value.type == JsonType::kNumber) {
      const std::string_view digits = AsText(value.text);
      std::from_chars(digits.data(), digits.data() + digits.size(),
                      range.records);
    }
  });
  return range;
}

}  // namespace thresh
