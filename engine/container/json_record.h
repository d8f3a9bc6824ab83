// The JSON objects that stand for one Kinesis record: which of their members
// say what, by the names that the services and their tools give them.
#ifndef THRESH_CONTAINER_JSON_RECORD_H_
#define THRESH_CONTAINER_JSON_RECORD_H_

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "thresh/bytes.h"

namespace thresh {

// Members of one object, or of one within it, whose names begin in either case
// (IsNamed). Of members of one name the last counts.
struct JsonFields {
  JsonValue data;
  // There were two members with data, neither null, that differ.
  bool has_two_data = false;
  JsonValue partition_key;
  JsonValue sequence_number;
  JsonValue arrival_time;
  JsonValue shard_id;
  JsonValue encryption_type;
  JsonValue sub_sequence_number;
  JsonValue stream;
  JsonValue outer_partition_key;
};

struct JsonRecord {
  // Whether the object's next member, `key`, is one of a record's; then reads
  // its value too. If cursor's status is not kOk afterwards, that failed.
  bool Take(const JsonValue& key, JsonCursor* cursor);
  // What its members say of the input, though it is not to be added.
  void NoteIn(JsonFrames* frames) const;
  // Whether it has data where one of the known objects has it: then it is no
  // envelope, though a member may hold documents.
  [[nodiscard]] bool HoldsData() const;

  JsonFields fields;
  JsonValue schema_version;
  JsonValue event_id;
  JsonValue event_source_arn;
  JsonValue record_id;
  JsonValue raw_data;
  JsonValue arrival_timestamp;
  JsonValue attempts_made;
  JsonValue result;              // of a transformation
  JsonValue kafka_record_value;  // of a topic
  JsonValue explicit_hash_key;   // of a user record
  // An element of "records": its data alone make it a record.
  bool listed = false;
  // A member's text is a document of records that is cut off or broken.
  bool holds_broken_text = false;
  // A document in it, which may hold records, is not looked into.
  bool holds_too_deep = false;
  // In the member "kinesis" of Lambda's records.
  JsonFields kinesis;
  bool has_kinesis = false;
  // In kinesisRecordMetadata or kinesisStreamRecordMetadata.
  JsonFields metadata;
  bool has_metadata = false;
};

// Why `record`, whose object is none of the known ones, is opaque.
Reason OtherReasonOf(const JsonRecord& record);

// Adds what `record`, whose object takes up `length` bytes at `offset` of the
// segment, stands for: a Kinesis record; or opaque bytes, if it is none of the
// known objects, or its data is none of what ReadJsonData takes.
void AddJsonRecord(const JsonRecord& record, size_t offset, size_t length,
                   JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_RECORD_H_
