// Reads an AggregatedRecord message into user-record columns, accepting and
// rejecting exactly what protobuf's C++ codec does (ParseFromArray, proto2,
// required fields enforced, default recursion limit).
#ifndef THRESH_RECORD_AGGREGATED_RECORD_READER_H_
#define THRESH_RECORD_AGGREGATED_RECORD_READER_H_

#include <cstdint>

#include "thresh/batch.h"
#include "thresh/bytes.h"

namespace thresh {

enum class WireStatus : uint8_t {
  kOk,
  kMalformed,           // protobuf's codec would reject the message
  kKeyIndexOutOfRange,  // it parses, but an index points past its table
  kMayEndBefore,        // only of ReadOrdinaryRecord
};

struct WireResult {
  WireStatus status = WireStatus::kOk;
  Reason reason = Reason::kNone;  // unless the status is kOk
  // Records with an explicit_hash_key_index in a message whose whole
  // explicit_hash_key_table is empty; their explicit hash key is null.
  uint64_t explicit_hash_keys_without_table = 0;
};

// Appends the message's key tables and records to `out`, whose views will point
// into `message`; tags are checked and dropped. Unless the status is kOk, `out`
// is unchanged. `message` is at most 2^31 - 1 bytes; the caller keeps `out`
// small enough for its key tables to be counted in 32 bits.
WireResult ReadAggregatedRecord(Bytes message, UserRecordColumns* out);

// The same for a message that its digest follows in memory, and whose end was
// guessed: kMayEndBefore if it has a field that is not ordinary
// (ordinary_field.h), or one, besides the last, that ends kDigestSize bytes
// before a magic.
WireResult ReadOrdinaryRecord(Bytes message, UserRecordColumns* out);

}  // namespace thresh

#endif  // THRESH_RECORD_AGGREGATED_RECORD_READER_H_
