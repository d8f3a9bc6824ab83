// The metadata of a Kinesis record, as far as its archive has it.
#ifndef THRESH_KINESIS_METADATA_H_
#define THRESH_KINESIS_METADATA_H_

#include <cstdint>
#include <optional>

#include "thresh/bytes.h"

namespace thresh {

// Of one Kinesis record; null if the container does not have it. Text is the
// container's bytes, and lives as long as the batch.
struct KinesisMetadata {
  std::optional<Bytes> partition_key;  // of the record, not of its user records
  std::optional<Bytes> sequence_number;  // decimal, beyond 64 bits
  std::optional<Bytes> shard_id;
  std::optional<Bytes> encryption_type;
  std::optional<Bytes> stream;  // an ARN, or a name
  // Of a record that was extracted from an aggregate before it was archived:
  // the partition key of the aggregate's record.
  std::optional<Bytes> outer_partition_key = std::nullopt;
  std::optional<int64_t> arrival_time;  // microseconds since 1970, UTC
  // The position within an aggregate that the record was extracted from before
  // it was archived. Part of the record's position in the stream, with the
  // sequence number.
  std::optional<uint32_t> sub_sequence_number = std::nullopt;
  // Such a position is present, but cannot be read or represented (such as that
  // of a record in nested aggregates): it is null.
  bool unreadable_position = false;
  // A time of arrival is present, but cannot be read: it is null.
  bool unreadable_time = false;
};

// The value in an index column for a record without metadata.
inline constexpr uint32_t kNoMetadata = UINT32_MAX;

}  // namespace thresh

#endif  // THRESH_KINESIS_METADATA_H_
