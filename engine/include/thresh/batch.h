// User records as columns of views into the input. A batch covers some MiB of
// input and thousands of records; nothing in it is allocated per record.
#ifndef THRESH_BATCH_H_
#define THRESH_BATCH_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/export.h"
#include "thresh/kinesis_metadata.h"
#include "thresh/verdict.h"

namespace thresh {

// The value in an id column for a record without that key.
inline constexpr uint32_t kNoKey = UINT32_MAX;

// One Kinesis record, or one opaque span (verdict kOpaqueSpan), with the range
// of user records that came from it.
struct KinesisRecord {
  uint64_t offset;             // of its first byte in the container, in bytes
  uint64_t length;             // bytes that it occupies there, framing excluded
  Bytes bytes;                 // the record itself, decoded where the container
                               // encodes it (base64)
  uint64_t first_user_record;  // row in the user-record columns
  uint32_t user_record_count;  // those that filters left
  uint32_t source;             // index into the run's list of inputs
  Verdict verdict;
  Reason reason = Reason::kNone;    // of a suspect
  uint32_t metadata = kNoMetadata;  // row of Batch::metadata
  // For an opaque line: the number of framing bytes that follow `bytes` in
  // memory, to the end of the line.
  uint32_t line_end = 0;
};

// The depth to which nested aggregates are deaggregated (Options::nested).
inline constexpr size_t kMaxNesting = 4;

// The nested aggregates that a user record came from: the sub-sequence number
// of each in the one that contains it, outermost first.
struct NestedPath {
  std::array<uint32_t, kMaxNesting> numbers{};
  uint32_t depth = 0;  // how many of `numbers` count

  [[nodiscard]] std::span<const uint32_t> outer() const {
    return std::span(numbers).first(depth);
  }
  friend auto operator<=>(const NestedPath&, const NestedPath&) = default;
};

// The value in UserRecordColumns::nested_path for a record that is not nested.
inline constexpr uint32_t kNotNested = UINT32_MAX;

// One user record, gathered from the columns. Views live as long as the batch.
struct UserRecord {
  std::optional<Bytes> partition_key;
  std::optional<Bytes> explicit_hash_key;
  Bytes data;
  uint32_t sub_sequence_number;  // Batch::SubSequenceNumber
  bool aggregated;               // false: the whole Kinesis record is `data`
  NestedPath nested_path{};      // Batch::PathOf
};

// Columns of equal length, one row per user record, in input order.
struct UserRecordColumns {
  Column<const uint8_t*> data;         // first byte
  Column<uint32_t> data_size;          // bytes
  Column<uint32_t> partition_key;      // row of partition_keys, or kNoKey
  Column<uint32_t> explicit_hash_key;  // row of explicit_hash_keys, or kNoKey
  // Position within the innermost aggregate. Empty until a filter has run or a
  // nested aggregate was found: the position is then that among the rows of the
  // Kinesis record.
  Column<uint32_t> sub_sequence_number;
  // Row of nested_paths, or kNotNested; empty if no row is nested.
  Column<uint32_t> nested_path;
  Column<NestedPath> nested_paths;
  Column<Bytes> partition_keys;      // the aggregates' key tables, one
  Column<Bytes> explicit_hash_keys;  // after the other, and the keys of
                                     // records that are not aggregated

  [[nodiscard]] size_t size() const { return data.size(); }
  // Truncates the columns and key tables to the given lengths.
  THRESH_EXPORT void Truncate(size_t rows, size_t keys, size_t hash_keys);
};

// Views in a batch point into the input's memory. That lives as long as a batch
// of BatchReader is shared, or until what Sink::Encode made of it was written.
struct Batch {
  Column<KinesisRecord> kinesis_records;  // in input order
  // Of the Kinesis records that have any; empty for containers without
  // metadata.
  Column<KinesisMetadata> metadata;
  UserRecordColumns user_records;

  // The metadata of `record`, which is one of kinesis_records.
  [[nodiscard]] KinesisMetadata MetadataOf(const KinesisRecord& record) const {
    if (record.metadata == kNoMetadata) return {};
    return metadata[record.metadata];
  }

  // The position within its innermost aggregate of the user record at `row`,
  // which came from `from`. For a record that is not aggregated, it is the one
  // in the archive, or 0.
  [[nodiscard]] uint32_t SubSequenceNumber(const KinesisRecord& from,
                                           uint64_t row) const {
    if (from.verdict != Verdict::kAggregated) {
      return from.metadata == kNoMetadata
                 ? 0
                 : metadata[from.metadata].sub_sequence_number.value_or(0);
    }
    return user_records.sub_sequence_number.empty()
               ? static_cast<uint32_t>(row - from.first_user_record)
               : user_records.sub_sequence_number[row];
  }

  // The nested aggregates that contained the user record at `row`.
  [[nodiscard]] NestedPath PathOf(uint64_t row) const {
    return user_records.nested_path.empty() ||
                   user_records.nested_path[row] == kNotNested
               ? NestedPath()
               : user_records.nested_paths[user_records.nested_path[row]];
  }

  // The user record at `row`, which came from `from`.
  [[nodiscard]] THRESH_EXPORT UserRecord At(const KinesisRecord& from,
                                            uint64_t row) const;

  // Empties the batch and keeps its memory.
  THRESH_EXPORT void Clear();
};

// Calls visit(const KinesisRecord&, const UserRecord&) for each user record.
template <typename Visit>
void ForEachUserRecord(const Batch& batch, Visit&& visit) {
  for (const KinesisRecord& from : batch.kinesis_records) {
    for (uint32_t i = 0; i < from.user_record_count; ++i) {
      visit(from, batch.At(from, from.first_user_record + i));
    }
  }
}

}  // namespace thresh

#endif  // THRESH_BATCH_H_
