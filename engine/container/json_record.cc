// FORMAT.md's table of JSON containers, as code.
#include "container/json_record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "container/json_data.h"
#include "container/json_string.h"
#include "text/time.h"

namespace thresh {
namespace {

template <typename Object>
struct Member {
  std::string_view name;
  JsonValue Object::* place;
};

constexpr std::array<Member<JsonFields>, 8> kFields = {{
    {"data", &JsonFields::data},
    {"partitionKey", &JsonFields::partition_key},
    {"sequenceNumber", &JsonFields::sequence_number},
    {"approximateArrivalTimestamp", &JsonFields::arrival_time},
    {"shardId", &JsonFields::shard_id},
    {"encryptionType", &JsonFields::encryption_type},
    // Of Firehose, and of the KCL.
    {"subsequenceNumber", &JsonFields::sub_sequence_number},
    {"subSequenceNumber", &JsonFields::sub_sequence_number},
}};
constexpr std::array<Member<JsonRecord>, 10> kOthers = {{
    {"kinesisSchemaVersion", &JsonRecord::schema_version},
    {"eventID", &JsonRecord::event_id},
    {"eventSourceARN", &JsonRecord::event_source_arn},
    {"recordId", &JsonRecord::record_id},
    {"rawData", &JsonRecord::raw_data},
    {"arrivalTimestamp", &JsonRecord::arrival_timestamp},
    {"attemptsMade", &JsonRecord::attempts_made},
    {"result", &JsonRecord::result},
    {"kafkaRecordValue", &JsonRecord::kafka_record_value},
    {"explicitHashKey", &JsonRecord::explicit_hash_key},
}};
constexpr std::string_view kKinesis = "kinesis";
constexpr std::array<std::string_view, 2> kMetadata = {
    "kinesisRecordMetadata", "kinesisStreamRecordMetadata"};

bool Has(const JsonValue& value) { return value.type != JsonType::kAbsent; }

// Whether `value` is there, and not null.
bool Holds(const JsonValue& value) {
  return Has(value) &&
         (value.type != JsonType::kLiteral || AsText(value.text) != "null");
}

// Whether `value` says anything: is there, and neither null nor "".
bool Says(const JsonValue& value) {
  return Holds(value) && !value.text.empty();
}

// A number of seconds or milliseconds, or ISO 8601 text.
std::optional<int64_t> ParseJsonTime(const JsonValue& value,
                                     JsonFrames* frames) {
  const std::string_view text = AsText(value.text);
  std::optional<int64_t> time;
  if (value.type == JsonType::kNumber) time = ParseEpoch(text);
  if (value.type == JsonType::kString && !value.escaped) {
    time = ParseIsoTime(text);
  }
  if (!time.has_value() && Says(value)) frames->CountUnreadableMetadata();
  return time;
}

// The member of `object` that is called `key`; null if none of `members` is.
template <typename Object, size_t kMembers>
JsonValue* Find(const JsonValue& key,
                const std::array<Member<Object>, kMembers>& members,
                Object* object) {
  for (const Member<Object>& member : members) {
    if (IsNamed(key, member.name)) return &(object->*member.place);
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
    JsonValue* const field = Find(key, kFields, fields);
    if (!cursor->Read(field == nullptr ? &ignored : field)) return;
  }
}

// A sequence number is text, or an integer that it was taken for.
std::optional<Bytes> SequenceNumberOf(const JsonValue& value,
                                      JsonFrames* frames) {
  if (value.type != JsonType::kNumber) return JsonTextOf(value, frames);
  const bool integer = std::ranges::all_of(
      value.text, [](uint8_t c) { return c >= '0' && c <= '9'; });
  if (integer) return value.text;
  frames->CountUnreadableMetadata();
  return std::nullopt;
}

// A number, or the text of one, as some tools write integers.
std::optional<uint32_t> SubSequenceNumberOf(const JsonValue& value,
                                            JsonFrames* frames) {
  const std::optional<Bytes> text = value.type == JsonType::kNumber
                                        ? std::optional(value.text)
                                        : JsonTextOf(value, frames);
  const std::string_view digits =
      text.has_value() ? AsText(*text) : std::string_view();
  uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = end == digits.data() + digits.size();
  if (error == std::errc() && whole) return number;
  if (Says(value)) frames->CountUnreadableMetadata();
  return std::nullopt;
}

// Of the fields that the services have in common.
KinesisMetadata MetadataOf(const JsonFields& fields, JsonFrames* frames) {
  const std::optional<int64_t> time =
      ParseJsonTime(fields.arrival_time, frames);
  return {
      .partition_key = JsonTextOf(fields.partition_key, frames),
      .sequence_number = SequenceNumberOf(fields.sequence_number, frames),
      .shard_id = JsonTextOf(fields.shard_id, frames),
      .encryption_type = JsonTextOf(fields.encryption_type, frames),
      .stream = std::nullopt,
      .arrival_time = time,
      .sub_sequence_number =
          SubSequenceNumberOf(fields.sub_sequence_number, frames),
      .unreadable_time = !time.has_value() && Says(fields.arrival_time),
  };
}

// Adds what Lambda and Pipes say about an event: "SHARD:SEQUENCE" is its ID.
void AddEvent(const JsonRecord& record, JsonFrames* frames,
              KinesisMetadata* metadata) {
  metadata->stream = StreamOf(JsonTextOf(record.event_source_arn, frames));
  const std::optional<Bytes> id = JsonTextOf(record.event_id, frames);
  if (!id.has_value() || metadata->shard_id.has_value()) return;
  const auto colon = std::ranges::find(*id, ':');
  if (colon == id->end()) return;
  metadata->shard_id = id->first(static_cast<size_t>(colon - id->begin()));
}

// What an object without a Kinesis record in it is, if it is known.
JsonForeign ForeignKind(const JsonRecord& record) {
  if (Has(record.kafka_record_value)) return JsonForeign::kMskEvent;
  if (Has(record.record_id) && Has(record.result)) {
    return JsonForeign::kTransformationResponse;
  }
  if (record.listed && Has(record.fields.data) &&
      Has(record.fields.partition_key)) {
    return JsonForeign::kPutRecordsRequest;
  }
  return JsonForeign::kNone;
}

// Where the data is in an object of the known kinds, absent in others.
const JsonValue& DataMember(const JsonRecord& record) {
  static constexpr JsonValue kNone;
  // It would be lost: a Kinesis record has none to be read.
  if (Says(record.explicit_hash_key)) return kNone;
  if (record.has_kinesis) return record.kinesis.data;
  if (Has(record.raw_data) && Has(record.attempts_made)) {
    return record.raw_data;
  }
  if (Has(record.record_id) && Has(record.result)) return kNone;
  // A list of data and keys is a request to put records.
  const bool only_data = record.listed && !Has(record.fields.partition_key);
  const bool known = only_data || Has(record.record_id) ||
                     Has(record.schema_version) ||
                     Has(record.fields.sequence_number);
  return known ? record.fields.data : kNone;
}

// Why there is no data to be had of an object.
Reason ReasonOf(const JsonRecord& record) {
  if (Says(record.explicit_hash_key)) return Reason::kExplicitHashKey;
  if (Has(DataMember(record))) return Reason::kDataNotBase64;
  const bool known = record.has_kinesis || record.has_metadata ||
                     Has(record.schema_version) ||
                     Has(record.fields.sequence_number);
  return known ? Reason::kNoData : Reason::kNotARecord;
}

KinesisMetadata MetadataOf(const JsonRecord& record, const JsonValue& data,
                           JsonFrames* frames) {
  KinesisMetadata metadata;
  if (&data == &record.raw_data) {
    metadata = MetadataOf(record.fields, frames);
    metadata.arrival_time = ParseJsonTime(record.arrival_timestamp, frames);
  } else if (&data == &record.kinesis.data) {
    metadata = MetadataOf(record.kinesis, frames);
    AddEvent(record, frames, &metadata);
  } else if (Has(record.record_id)) {
    metadata = MetadataOf(record.metadata, frames);
    if (!metadata.arrival_time.has_value()) {
      metadata.arrival_time = ParseJsonTime(record.fields.arrival_time, frames);
    }
  } else {
    metadata = MetadataOf(record.fields, frames);
    AddEvent(record, frames, &metadata);
  }
  return metadata;
}

}  // namespace

bool JsonRecord::Take(const JsonValue& key, JsonCursor* cursor) {
  if (IsNamed(key, kKinesis)) {
    has_kinesis = true;
    ReadFields(cursor, &kinesis);
    return true;
  }
  if (std::ranges::any_of(kMetadata, [&key](std::string_view name) {
        return IsNamed(key, name);
      })) {
    has_metadata = true;
    ReadFields(cursor, &metadata);
    return true;
  }
  JsonValue* member = Find(key, kFields, &fields);
  if (member == nullptr) member = Find(key, kOthers, this);
  if (member == nullptr) return false;
  cursor->Read(member);
  return true;
}

void JsonRecord::NoteIn(JsonFrames* frames) const {
  frames->NoteForeign(ForeignKind(*this));
  const bool telling = Has(DataMember(*this)) || has_kinesis || has_metadata ||
                       Has(schema_version) || Has(fields.sequence_number) ||
                       (Has(raw_data) && Has(attempts_made));
  if (telling) frames->NoteTellingName();
}

bool JsonRecord::HoldsData() const {
  if (has_kinesis) {
    return Holds(kinesis.data) || Holds(kinesis.sequence_number);
  }
  if (Holds(raw_data) && Has(attempts_made)) return true;
  const bool known = listed || Has(record_id) || Has(schema_version) ||
                     Has(fields.sequence_number) || Says(explicit_hash_key);
  return known && Holds(fields.data);
}

std::optional<Bytes> JsonTextOf(const JsonValue& value, JsonFrames* frames) {
  if (value.type != JsonType::kString) return std::nullopt;
  if (!value.escaped) return value.text;
  const std::optional<size_t> size = UnescapeJson(value.text, frames->room());
  if (!size.has_value()) return std::nullopt;
  return frames->Keep(*size);
}

std::optional<Bytes> StreamOf(const std::optional<Bytes>& arn) {
  constexpr std::string_view kStream = ":stream/";
  constexpr std::string_view kConsumer = "/consumer/";
  if (!arn.has_value()) return arn;
  const std::string_view text = AsText(*arn);
  const size_t stream = text.find(kStream);
  if (stream == std::string_view::npos) return arn;
  const size_t consumer = text.find(kConsumer, stream + kStream.size());
  if (consumer == std::string_view::npos) return arn;
  return arn->first(consumer);
}

void AddJsonRecord(const JsonRecord& record, size_t offset, size_t length,
                   JsonFrames* frames) {
  const JsonValue& member = DataMember(record);
  const std::optional<JsonData> data = ReadJsonData(member, frames);
  if (Has(record.explicit_hash_key)) {
    frames->NoteForeign(JsonForeign::kThreshNdjson);
  }
  if (!data.has_value()) {
    record.NoteIn(frames);
    return frames->AddOpaque(offset, length, ReasonOf(record));
  }
  if (data->lenient) frames->CountLenientData();
  frames->AddRecord(offset, length, data->bytes,
                    MetadataOf(record, member, frames));
}

}  // namespace thresh
