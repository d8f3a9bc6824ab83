// The JSON objects that stand for one Kinesis record: which of their members
// say what, by the names that the services and their tools give them.
#ifndef THRESH_CONTAINER_JSON_RECORD_H_
#define THRESH_CONTAINER_JSON_RECORD_H_

#include <optional>
#include <string_view>

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "thresh/bytes.h"

namespace thresh {

// Members of one object, or of one within it. Of members of one name the last
// counts.
struct JsonFields {
  JsonValue data;
  JsonValue partition_key;
  JsonValue sequence_number;
  JsonValue arrival_time;
  JsonValue shard_id;
  JsonValue encryption_type;
};

struct JsonRecord {
  // Whether the object's next member, `key`, is one of a record's; then reads
  // its value too. If cursor's status is not kOk afterwards, that failed.
  bool Take(const JsonValue& key, JsonCursor* cursor);

  // Names in lower case: of Lambda, EventBridge Pipes, Firehose, Analytics.
  JsonFields lower;
  JsonValue schema_version;
  JsonValue event_id;
  JsonValue event_source_arn;
  JsonValue record_id;
  JsonValue raw_data;
  JsonValue arrival_timestamp;
  JsonValue attempts_made;
  // Names that begin in upper case: of get-records.
  JsonFields upper;
  // In the member "kinesis" of Lambda's records.
  JsonFields kinesis;
  bool has_kinesis = false;
  // In kinesisRecordMetadata or kinesisStreamRecordMetadata.
  JsonFields metadata;
};

// Adds what `record`, whose object takes up `length` bytes at `offset` of the
// segment, stands for: a Kinesis record; or opaque bytes, if it is none of the
// known objects, or its data is not canonical base64.
void AddJsonRecord(const JsonRecord& record, size_t offset, size_t length,
                   JsonFrames* frames);

// The text of a string; null for anything else.
std::optional<Bytes> JsonTextOf(const JsonValue& value, JsonFrames* frames);

// Whether `name` is a member's that only the containers of JSON have.
bool IsTellingName(std::string_view name);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_RECORD_H_
