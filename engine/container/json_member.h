// The roles of members of JSON documents, other than those of records.
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
  kMessages,   // an array of messages, each of which may contain a document
  kWrapper,    // a document, or text that is one
  kEvent,      // the same, of a failed invocation
  kSns,        // an object whose member "message" is a kWrapper
  kBatchInfo,  // the records of a failed invocation
  kStreamArn,
  kAnswer,        // of a response of Kinesis to a consumer, with records or not
  kAnswerDetail,  // the same, but of other responses too
};

// The role of a document's member with the name `key`.
JsonRole RoleOf(const JsonValue& key);

// The stream in the object of a kBatchInfo; absent if there is none.
JsonValue StreamArnOf(const JsonValue& batch_info);

// The records that a report without its event, at `offset` of the segment,
// names but does not hold.
MissingRange ReadMissingRange(const JsonValue& batch_info,
                              std::optional<Bytes> stream, size_t offset,
                              JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_MEMBER_H_
