// Reads the data of a record in JSON, in all the ways that programs write it.
#ifndef THRESH_CONTAINER_JSON_DATA_H_
#define THRESH_CONTAINER_JSON_DATA_H_

#include <optional>

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "thresh/bytes.h"

namespace thresh {

struct JsonData {
  Bytes bytes;   // kept by the frames
  bool lenient;  // not written as canonical base64
};

// The bytes of `value`, in any of the ways that FORMAT.md lists. Null for
// anything else, and for more than kMaxRecordBytes.
std::optional<JsonData> ReadJsonData(const JsonValue& value,
                                     JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_DATA_H_
