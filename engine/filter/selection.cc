// Each row is stored at the position of the next one to stay, and the position
// advances only if it stays: no branch depends on the data.
#include "filter/selection.h"

namespace thresh {
namespace {

uint64_t BytesFrom(size_t row, const Column<uint32_t>& sizes) {
  uint64_t bytes = 0;
  for (; row < sizes.size(); ++row) bytes += sizes[row];
  return bytes;
}

}  // namespace

void KeepRows(const Selection& selection, const BatchMark& from, Batch* batch,
              Summary* summary) {
  UserRecordColumns* columns = &batch->user_records;
  const size_t rows = columns->size();
  const uint64_t bytes = BytesFrom(from.rows, columns->data_size);
  const size_t numbered = columns->sub_sequence_number.size();
  const bool nested = !columns->nested_path.empty();
  columns->sub_sequence_number.Resize(rows);
  size_t to = from.rows;
  for (size_t i = from.kinesis_records; i < batch->kinesis_records.size();
       ++i) {
    KinesisRecord* record = &batch->kinesis_records[i];
    const size_t first = record->first_user_record;
    const size_t end = first + record->user_record_count;
    record->first_user_record = to;
    for (size_t row = first; row < end; ++row) {
      columns->data[to] = columns->data[row];
      columns->data_size[to] = columns->data_size[row];
      columns->partition_key[to] = columns->partition_key[row];
      columns->explicit_hash_key[to] = columns->explicit_hash_key[row];
      columns->sub_sequence_number[to] =
          row < numbered ? columns->sub_sequence_number[row]
                         : static_cast<uint32_t>(row - first);
      if (nested) columns->nested_path[to] = columns->nested_path[row];
      to += selection[row - from.rows];
    }
    record->user_record_count =
        static_cast<uint32_t>(to - record->first_user_record);
  }
  summary->user_records -= rows - to;
  summary->filtered_records += rows - to;
  // Keys without rows are dropped, since they would cost the sink time.
  const bool any = to > from.rows;
  columns->Truncate(
      to, any ? columns->partition_keys.size() : from.partition_keys,
      any ? columns->explicit_hash_keys.size() : from.explicit_hash_keys);
  summary->user_bytes -= bytes - BytesFrom(from.rows, columns->data_size);
}

}  // namespace thresh
