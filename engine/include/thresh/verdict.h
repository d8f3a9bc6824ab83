// The verdict on a Kinesis record. Every record gets exactly one; FORMAT.md has
// the table that this header mirrors.
#ifndef THRESH_VERDICT_H_
#define THRESH_VERDICT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "thresh/export.h"

namespace thresh {

enum class Verdict : uint8_t {
  kAggregated,          // verified; one user record per entry
  kEmptyAggregate,      // verified; no entries
  kNotAggregated,       // no magic or under 21 bytes; is its own user record
  kDigestMismatch,      // suspect: the MD5 differs
  kMalformed,           // suspect: MD5 matches, the message does not parse
  kKeyIndexOutOfRange,  // suspect: an index points past its key table
  kOpaqueSpan,          // suspect: bytes that belong to no Kinesis record
};

// A suspect's user records are withheld; SuspectPolicy says where its bytes go.
constexpr bool IsSuspect(Verdict verdict) {
  return verdict >= Verdict::kDigestMismatch;
}

// Why a record is a suspect.
enum class Reason : uint8_t {
  kNone,  // it is not a suspect
  kDigest,
  kBytesAfterAggregate,  // a valid aggregate, followed by other bytes
  // For a message whose MD5 matches.
  kBrokenField,
  kNoPartitionKeyIndex,
  kNoDataField,
  kNoTagKey,
  kPartitionKeyIndex,
  kExplicitHashKeyIndex,
  // For opaque spans, by container.
  kNoMagic,  // blobs
  kNotBase64,
  kDataNotBase64,  // JSON
  kNoData,
  kTwoData,
  kNotARecord,
  kTooDeep,
  kExplicitHashKey,
  kBrokenJson,
  kNotJson,
};
inline constexpr size_t kReasons = static_cast<size_t>(Reason::kNotJson) + 1;

// Its name in reports, which is stable: "digest", "no_data" and so on. And a
// sentence that describes it. Static storage.
[[nodiscard]] THRESH_EXPORT std::string_view ReasonName(Reason reason);
[[nodiscard]] THRESH_EXPORT std::string_view ReasonText(Reason reason);

// The verdict's name in reports: "digest_mismatch" and so on. Static storage.
[[nodiscard]] THRESH_EXPORT std::string_view VerdictName(Verdict verdict);

}  // namespace thresh

#endif  // THRESH_VERDICT_H_
