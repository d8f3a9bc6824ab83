// The reference for the aggregators: tries every record in a protobuf message
// and measures its serialized size. Slow and simple.
#ifndef THRESH_TESTS_ORACLE_REFERENCE_AGGREGATOR_H_
#define THRESH_TESTS_ORACLE_REFERENCE_AGGREGATOR_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "oracle/reference.h"

namespace thresh::oracle {

// The blob of these records, with protobuf's serializer and OpenSSL's digest.
// Their partition keys must not be null.
std::string BlobOf(std::span<const ReferenceRecord> records);

struct ReferenceAggregation {
  std::vector<std::string> blobs;
  // For each blob the records in it, with the key indices to be read back.
  std::vector<std::vector<ReferenceRecord>> contents;
  std::vector<size_t> refused;  // indices of records that do not fit in a blob
};

// Packs records into a blob until the next would exceed a limit; a limit of 0
// records means none. Records without an effective hash key have blobs of their
// own.
ReferenceAggregation Aggregate(std::span<const ReferenceRecord> records,
                               size_t max_bytes, size_t max_records);

// The effective hash key as 32 hexadecimal digits, or empty if the explicit
// hash key is not valid. Uses OpenSSL's digest and big numbers.
std::string HashKeyHex(const ReferenceRecord& record);

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_REFERENCE_AGGREGATOR_H_
