// The metadata of a record in JSON.
#ifndef THRESH_CONTAINER_JSON_METADATA_H_
#define THRESH_CONTAINER_JSON_METADATA_H_

#include <optional>

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "container/json_record.h"
#include "thresh/bytes.h"
#include "thresh/kinesis_metadata.h"

namespace thresh {

// The metadata of `record`, whose data is `data`, one of its members. Counts in
// `frames` values that are present but cannot be read.
KinesisMetadata JsonMetadataOf(const JsonRecord& record, const JsonValue& data,
                               JsonFrames* frames);

// The text of a string; null for anything else.
std::optional<Bytes> JsonTextOf(const JsonValue& value, JsonFrames* frames);

// The ARN of the stream that `arn` names: its own, or that of a consumer, which
// is the stream's followed by "/consumer/NAME:CREATED".
std::optional<Bytes> StreamOf(const std::optional<Bytes>& arn);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_METADATA_H_
