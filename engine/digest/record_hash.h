// XXH3-128 of one user record's canonical encoding (content_checksum.h).
#ifndef THRESH_DIGEST_RECORD_HASH_H_
#define THRESH_DIGEST_RECORD_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "thresh/batch.h"
#include "thresh/bytes.h"

namespace thresh {

struct RecordHash {
  uint64_t low;
  uint64_t high;
};

// The hash of `record`: what ContentChecksum sums.
RecordHash HashRecord(const UserRecord& record);

inline constexpr size_t kEncodingHeaderSize = 24;
using EncodingHeader = std::array<uint8_t, kEncodingHeaderSize>;

// For records that are too long for the short way in content_checksum.cc: the
// hash of `header` and the three fields behind it; null keys are empty here,
// the header tells them apart.
RecordHash HashLongRecord(const EncodingHeader& header, Bytes partition_key,
                          Bytes explicit_hash_key, Bytes data);

}  // namespace thresh

#endif  // THRESH_DIGEST_RECORD_HASH_H_
