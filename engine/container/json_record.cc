// FORMAT.md's table of JSON containers, as code.
#include "container/json_record.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "container/json_string.h"
#include "text/base64.h"
#include "text/time.h"

namespace thresh {
namespace {

template <typename Object>
struct Member {
  std::string_view name;
  JsonValue Object::* place;
};

constexpr std::array<Member<JsonFields>, 5> kLower = {{
    {"data", &JsonFields::data},
    {"partitionKey", &JsonFields::partition_key},
    {"sequenceNumber", &JsonFields::sequence_number},
    {"approximateArrivalTimestamp", &JsonFields::arrival_time},
    {"shardId", &JsonFields::shard_id},
}};
constexpr std::array<Member<JsonFields>, 5> kUpper = {{
    {"Data", &JsonFields::data},
    {"PartitionKey", &JsonFields::partition_key},
    {"SequenceNumber", &JsonFields::sequence_number},
    {"ApproximateArrivalTimestamp", &JsonFields::arrival_time},
    {"EncryptionType", &JsonFields::encryption_type},
}};
constexpr std::array<Member<JsonRecord>, 7> kOthers = {{
    {"kinesisSchemaVersion", &JsonRecord::schema_version},
    {"eventID", &JsonRecord::event_id},
    {"eventSourceARN", &JsonRecord::event_source_arn},
    {"recordId", &JsonRecord::record_id},
    {"rawData", &JsonRecord::raw_data},
    {"arrivalTimestamp", &JsonRecord::arrival_timestamp},
    {"attemptsMade", &JsonRecord::attempts_made},
}};
constexpr std::string_view kKinesis = "kinesis";
constexpr std::array<std::string_view, 2> kMetadata = {
    "kinesisRecordMetadata", "kinesisStreamRecordMetadata"};

// A number of seconds or milliseconds, or ISO 8601 text.
std::optional<int64_t> ParseJsonTime(const JsonValue& value) {
  const std::string_view text = AsText(value.text);
  if (value.type == JsonType::kNumber) return ParseEpoch(text);
  if (value.type != JsonType::kString || value.escaped) return std::nullopt;
  return ParseIsoTime(text);
}

// The member of `object` that is called `key`; null if none of `members` is.
template <typename Object, size_t kMembers>
JsonValue* Find(const JsonValue& key,
                const std::array<Member<Object>, kMembers>& members,
                Object* object) {
  for (const Member<Object>& member : members) {
    if (StandsFor(key, member.name)) return &(object->*member.place);
  }
  return nullptr;
}

// Reads the next value into `fields`, whose members it has if it is an object.
void ReadFields(JsonCursor* cursor, JsonFields* fields) {
  *fields = {};
  JsonValue ignored;
  if (cursor->Peek() != '{') {
    cursor->Read(&ignored);
    return;
  }
  cursor->Enter();
  JsonValue key;
  while (cursor->NextMember(&key)) {
    JsonValue* const field = Find(key, kLower, fields);
    if (!cursor->Read(field == nullptr ? &ignored : field)) return;
  }
}

// A sequence number is text, or an integer that it was taken for.
std::optional<Bytes> SequenceNumberOf(const JsonValue& value,
                                      JsonFrames* frames) {
  if (value.type != JsonType::kNumber) return JsonTextOf(value, frames);
  const bool integer = std::ranges::all_of(
      value.text, [](uint8_t c) { return c >= '0' && c <= '9'; });
  return integer ? std::optional(value.text) : std::nullopt;
}

// The bytes that the base64 of `value` stands for.
std::optional<Bytes> DataOf(const JsonValue& value, JsonFrames* frames) {
  if (value.type != JsonType::kString) return std::nullopt;
  Bytes text = value.text;
  thread_local Column<uint8_t> unescaped;
  if (value.escaped) {
    unescaped.Resize(text.size());
    const std::optional<size_t> size = UnescapeJson(text, unescaped.data());
    if (!size.has_value()) return std::nullopt;
    text = {unescaped.data(), *size};
  }
  const std::optional<size_t> size = Base64Decode(text, frames->room());
  if (!size.has_value() || *size > kMaxRecordBytes) return std::nullopt;
  return frames->Keep(*size);
}

// Of the fields that the services have in common.
KinesisMetadata MetadataOf(const JsonFields& fields, JsonFrames* frames) {
  return {
      .partition_key = JsonTextOf(fields.partition_key, frames),
      .sequence_number = SequenceNumberOf(fields.sequence_number, frames),
      .shard_id = JsonTextOf(fields.shard_id, frames),
      .encryption_type = JsonTextOf(fields.encryption_type, frames),
      .stream = std::nullopt,
      .arrival_time = ParseJsonTime(fields.arrival_time),
  };
}

// Adds what Lambda and Pipes say about an event: "SHARD:SEQUENCE" is its ID.
void AddEvent(const JsonRecord& record, JsonFrames* frames,
              KinesisMetadata* metadata) {
  metadata->stream = JsonTextOf(record.event_source_arn, frames);
  const std::optional<Bytes> id = JsonTextOf(record.event_id, frames);
  if (!id.has_value() || metadata->shard_id.has_value()) return;
  const auto colon = std::ranges::find(*id, ':');
  if (colon == id->end()) return;
  metadata->shard_id = id->first(static_cast<size_t>(colon - id->begin()));
}

bool Has(const JsonValue& value) { return value.type != JsonType::kAbsent; }

// Where the data stands in an object of the known kinds, absent in others.
const JsonValue& DataMember(const JsonRecord& record) {
  static constexpr JsonValue kNone;
  if (record.has_kinesis) return record.kinesis.data;
  if (Has(record.upper.data) && Has(record.upper.sequence_number)) {
    return record.upper.data;
  }
  if (Has(record.raw_data) && Has(record.attempts_made)) {
    return record.raw_data;
  }
  const bool known = Has(record.record_id) || Has(record.schema_version) ||
                     Has(record.lower.sequence_number);
  return known ? record.lower.data : kNone;
}

KinesisMetadata MetadataOf(const JsonRecord& record, const JsonValue& data,
                           JsonFrames* frames) {
  if (&data == &record.upper.data) return MetadataOf(record.upper, frames);
  KinesisMetadata metadata;
  if (&data == &record.raw_data) {
    metadata.arrival_time = ParseJsonTime(record.arrival_timestamp);
  } else if (&data == &record.kinesis.data) {
    metadata = MetadataOf(record.kinesis, frames);
    AddEvent(record, frames, &metadata);
  } else if (Has(record.record_id)) {
    metadata = MetadataOf(record.metadata, frames);
    if (!metadata.arrival_time.has_value()) {
      metadata.arrival_time = ParseJsonTime(record.lower.arrival_time);
    }
  } else {
    metadata = MetadataOf(record.lower, frames);
    AddEvent(record, frames, &metadata);
  }
  return metadata;
}

}  // namespace

bool JsonRecord::Take(const JsonValue& key, JsonCursor* cursor) {
  if (StandsFor(key, kKinesis)) {
    has_kinesis = true;
    ReadFields(cursor, &kinesis);
    return true;
  }
  if (std::ranges::any_of(kMetadata, [&key](std::string_view name) {
        return StandsFor(key, name);
      })) {
    ReadFields(cursor, &metadata);
    return true;
  }
  JsonValue* member = Find(key, kLower, &lower);
  if (member == nullptr) member = Find(key, kUpper, &upper);
  if (member == nullptr) member = Find(key, kOthers, this);
  if (member == nullptr) return false;
  cursor->Read(member);
  return true;
}

std::optional<Bytes> JsonTextOf(const JsonValue& value, JsonFrames* frames) {
  if (value.type != JsonType::kString) return std::nullopt;
  if (!value.escaped) return value.text;
  const std::optional<size_t> size = UnescapeJson(value.text, frames->room());
  if (!size.has_value()) return std::nullopt;
  return frames->Keep(*size);
}

void AddJsonRecord(const JsonRecord& record, size_t offset, size_t length,
                   JsonFrames* frames) {
  const JsonValue& member = DataMember(record);
  const std::optional<Bytes> data = DataOf(member, frames);
  if (!data.has_value()) return frames->AddOpaque(offset, length);
  frames->AddRecord(offset, length, *data, MetadataOf(record, member, frames));
}

bool IsTellingName(std::string_view name) {
  constexpr std::array<std::string_view, 6> kTelling = {
      kKinesis,     "SequenceNumber", "kinesisSchemaVersion",
      kMetadata[0], kMetadata[1],     "rawData"};
  return std::ranges::find(kTelling, name) != kTelling.end();
}

}  // namespace thresh
