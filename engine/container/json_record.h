// The JSON objects that represent one Kinesis record: their members, by the
// names that services and their tools use.
#ifndef THRESH_CONTAINER_JSON_RECORD_H_
#define THRESH_CONTAINER_JSON_RECORD_H_

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "thresh/bytes.h"

namespace thresh {

// Members of one object, or of one within it, whose names begin in either case
// (IsNamed). Of members with the same name the last is used.
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
  // Records in `frames` what its members show of the input, without adding a
  // record.
  void NoteIn(JsonFrames* frames) const;
  // Whether it has data where one of the known objects has it: then it is not
  // an envelope, even if a member holds documents.
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
  // An element of "records": data alone is enough to be a record.
  bool listed = false;
  // A member's text is a document of records that is truncated or damaged.
  bool holds_broken_text = false;
  // A document in it, which may hold records, is not read.
  bool holds_too_deep = false;
  // In the member "kinesis" of Lambda's records.
  JsonFields kinesis;
  bool has_kinesis = false;
  // In kinesisRecordMetadata or kinesisStreamRecordMetadata.
  JsonFields metadata;
  bool has_metadata = false;
};

// Why `record`, whose object is not a known one, is opaque.
Reason OtherReasonOf(const JsonRecord& record);

// Adds the frame of `record`, whose object occupies `length` bytes at `offset`
// of the segment: a Kinesis record; or opaque bytes, if it is not a known
// object or ReadJsonData does not accept its data.
void AddJsonRecord(const JsonRecord& record, size_t offset, size_t length,
                   JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_RECORD_H_
