// Gathers rows from the columns, and resets batches for reuse.
#include "thresh/batch.h"

namespace thresh {
namespace {

std::optional<Bytes> KeyAt(const Column<Bytes>& keys, uint32_t id) {
  if (id == kNoKey) return std::nullopt;
  return keys[id];
}

}  // namespace

void UserRecordColumns::Truncate(size_t rows, size_t keys, size_t hash_keys) {
  data.Resize(rows);
  data_size.Resize(rows);
  partition_key.Resize(rows);
  explicit_hash_key.Resize(rows);
  if (sub_sequence_number.size() > rows) sub_sequence_number.Resize(rows);
  if (nested_path.size() > rows) nested_path.Resize(rows);
  partition_keys.Resize(keys);
  explicit_hash_keys.Resize(hash_keys);
}

UserRecord Batch::At(const KinesisRecord& from, uint64_t row) const {
  const UserRecordColumns& columns = user_records;
  return {
      .partition_key =
          KeyAt(columns.partition_keys, columns.partition_key[row]),
      .explicit_hash_key =
          KeyAt(columns.explicit_hash_keys, columns.explicit_hash_key[row]),
      .data = {columns.data[row], columns.data_size[row]},
      .sub_sequence_number = SubSequenceNumber(from, row),
      .aggregated = from.verdict == Verdict::kAggregated,
      .nested_path = PathOf(row),
  };
}

void Batch::Clear() {
  kinesis_records.Clear();
  metadata.Clear();
  user_records.Truncate(0, 0, 0);
  user_records.nested_paths.Clear();
}

}  // namespace thresh
