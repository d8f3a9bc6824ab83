// What the members of JSON documents mean, other than those of records.
#ifndef THRESH_CONTAINER_JSON_MEMBER_H_
#define THRESH_CONTAINER_JSON_MEMBER_H_

#include <cstdint>
#include <optional>

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "thresh/bytes.h"
#include "thresh/summary.h"

namespace thresh {

enum class JsonRole : uint8_t {
  kNone,
  kRecords,    // an array of records
  kMessages,   // an array of messages, each of which may carry a document
  kWrapper,    // a document, or text that is one
  kEvent,      // the same, of a failed invocation
  kSns,        // an object whose member "message" is a kWrapper
  kBatchInfo,  // which records a failed invocation was given
  kStreamArn,
  kAnswer,        // of what Kinesis answers to a consumer, with records or not
  kAnswerDetail,  // the same, but of other answers too
};

// Of the member that is called `key`, of a document.
JsonRole RoleOf(const JsonValue& key);

// The stream that the object of a kBatchInfo names; absent if none.
JsonValue StreamArnOf(const JsonValue& batch_info);

// What a report at `offset` of the segment without its event says of records
// that it does not hold.
MissingRange ReadMissingRange(const JsonValue& batch_info,
                              std::optional<Bytes> stream, size_t offset,
                              JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_MEMBER_H_
