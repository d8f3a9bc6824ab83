// Implements FORMAT.md's table of JSON containers.
#include "container/json_record.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "container/json_data.h"
#include "container/json_metadata.h"
#include "container/json_string.h"

namespace thresh {
namespace {

template <typename Object>
struct Member {
  std::string_view name;
  JsonValue Object::* place;
};

constexpr std::array<Member<JsonFields>, 11> kFields = {{
    {"data", &JsonFields::data},
    {"partitionKey", &JsonFields::partition_key},
    {"sequenceNumber", &JsonFields::sequence_number},
    {"approximateArrivalTimestamp", &JsonFields::arrival_time},
    {"shardId", &JsonFields::shard_id},
    {"encryptionType", &JsonFields::encryption_type},
    // Of Firehose, and of the KCL.
    {"subsequenceNumber", &JsonFields::sub_sequence_number},
    {"subSequenceNumber", &JsonFields::sub_sequence_number},
    // Of rows, and of thresh itself.
    {"stream", &JsonFields::stream},
    {"streamName", &JsonFields::stream},
    {"outerPartitionKey", &JsonFields::outer_partition_key},
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
constexpr JsonNameFilter kFieldNames(kFields);
constexpr JsonNameFilter kOtherNames(kOthers);
constexpr std::string_view kKinesis = "kinesis";
constexpr std::array<std::string_view, 2> kMetadata = {
    "kinesisRecordMetadata", "kinesisStreamRecordMetadata"};

// The member of `object` with the name `key`; null if none of `members` has it.
template <typename Object, size_t kMembers>
JsonValue* Find(const JsonValue& key,
                const std::array<Member<Object>, kMembers>& members,
                Object* object) {
  for (const Member<Object>& member : members) {
    if (IsNamed(key, member.name)) return &(object->*member.place);
  }
  return nullptr;
}

// Reads the next value into `data`. If there was another one, a null one is
// ignored, and `differ` is set if they have different values.
void ReadData(JsonCursor* cursor, JsonValue* data, bool* differ) {
  const JsonValue before = *data;
  if (!cursor->Read(data) || !before.holds()) return;
  if (!data->holds()) {
    *data = before;
  } else if (!std::ranges::equal(before.text, data->text)) {
    *differ = true;
  }
}

// Reads the next value into `fields`, whose members it has if it is an object.
// Of two such objects the later one is used, except for the data of the earlier
// one.
void ReadFields(JsonCursor* cursor, JsonFields* fields) {
  JsonFields fresh;
  fresh.data = fields->data;
  fresh.has_two_data = fields->has_two_data;
  *fields = fresh;
  JsonValue ignored;
  if (cursor->Peek() != '{') {
    cursor->Read(&ignored);
    return;
  }
  cursor->Enter();
  JsonValue key;
  while (cursor->NextMember(&key)) {
    JsonValue* const field =
        kFieldNames.MayHave(key) ? Find(key, kFields, fields) : nullptr;
    if (field == &fields->data) {
      ReadData(cursor, field, &fields->has_two_data);
    } else {
      cursor->Read(field == nullptr ? &ignored : field);
    }
    if (cursor->status() != JsonStatus::kOk) return;
  }
}

// The kind of an object without a Kinesis record, if it is known.
JsonForeign ForeignKind(const JsonRecord& record) {
  if (record.kafka_record_value.present()) return JsonForeign::kMskEvent;
  if (record.record_id.present() && record.result.present()) {
    return JsonForeign::kTransformationResponse;
  }
  if (record.listed && record.fields.data.present() &&
      record.fields.partition_key.present()) {
    return JsonForeign::kPutRecordsRequest;
  }
  return JsonForeign::kNone;
}

// Where the data is in an object of the known kinds, absent in others.
const JsonValue& DataMember(const JsonRecord& record) {
  static constexpr JsonValue kNone;
  // It would be lost: a Kinesis record has no such field.
  if (record.explicit_hash_key.has_content()) return kNone;
  if (record.has_kinesis) return record.kinesis.data;
  if (record.raw_data.present() && record.attempts_made.present()) {
    return record.raw_data;
  }
  if (record.record_id.present() && record.result.present()) return kNone;
  // A list of data and keys is a request to put records.
  const bool only_data =
      record.listed && !record.fields.partition_key.present();
  const bool known = only_data || record.record_id.present() ||
                     record.schema_version.present() ||
                     record.fields.sequence_number.present();
  return known ? record.fields.data : kNone;
}

// Why an object has no usable data.
Reason ReasonOf(const JsonRecord& record) {
  if (record.explicit_hash_key.has_content()) return Reason::kExplicitHashKey;
  if (DataMember(record).present()) return Reason::kDataNotBase64;
  const bool known = record.has_kinesis || record.has_metadata ||
                     record.schema_version.present() ||
                     record.fields.sequence_number.present();
  if (known) return Reason::kNoData;
  return OtherReasonOf(record);
}

}  // namespace

Reason OtherReasonOf(const JsonRecord& record) {
  if (record.holds_too_deep) return Reason::kTooDeep;
  return record.holds_broken_text ? Reason::kBrokenJson : Reason::kNotARecord;
}

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
  JsonValue* member =
      kFieldNames.MayHave(key) ? Find(key, kFields, &fields) : nullptr;
  if (member == nullptr && kOtherNames.MayHave(key)) {
    member = Find(key, kOthers, this);
  }
  if (member == nullptr) return false;
  if (member == &fields.data || member == &raw_data) {
    ReadData(cursor, member, &fields.has_two_data);
  } else {
    cursor->Read(member);
  }
  return true;
}

void JsonRecord::NoteIn(JsonFrames* frames) const {
  frames->NoteForeign(ForeignKind(*this));
  const bool named = DataMember(*this).present() || has_kinesis ||
                     has_metadata || schema_version.present() ||
                     fields.sequence_number.present() ||
                     (raw_data.present() && attempts_made.present());
  if (named) frames->NoteRecordName();
}

bool JsonRecord::HoldsData() const {
  if (has_kinesis) {
    return kinesis.data.holds() || kinesis.sequence_number.holds();
  }
  if (raw_data.holds() && attempts_made.present()) return true;
  const bool known =
      listed || record_id.present() || schema_version.present() ||
      fields.sequence_number.present() || explicit_hash_key.has_content();
  return known && fields.data.holds();
}

void AddJsonRecord(const JsonRecord& record, size_t offset, size_t length,
                   JsonFrames* frames) {
  const JsonValue& member = DataMember(record);
  const std::optional<JsonData> data = ReadJsonData(member, frames);
  if (record.explicit_hash_key.present()) {
    frames->NoteForeign(JsonForeign::kThreshNdjson);
  }
  if (!data.has_value()) {
    record.NoteIn(frames);
    return frames->AddOpaque(offset, length, ReasonOf(record));
  }
  if (record.fields.has_two_data || record.kinesis.has_two_data) {
    record.NoteIn(frames);
    return frames->AddOpaque(offset, length, Reason::kTwoData);
  }
  if (data->lenient) frames->NoteLenientData();
  frames->AddRecord(offset, length, data->bytes,
                    JsonMetadataOf(record, member, frames));
}

}  // namespace thresh
