// How a sink walks a batch, column by column rather than by gathered records.
#ifndef THRESH_SINK_ROWS_H_
#define THRESH_SINK_ROWS_H_

#include <cstdint>

#include "thresh/batch.h"

namespace thresh {

// Calls visit(Bytes data) for each user record of `batch`, in order.
template <typename Visit>
void ForEachData(const Batch& batch, Visit&& visit) {
  const UserRecordColumns& columns = batch.user_records;
  for (const KinesisRecord& from : batch.kinesis_records) {
    const uint64_t end = from.first_user_record + from.user_record_count;
    for (uint64_t row = from.first_user_record; row < end; ++row) {
      visit(Bytes(columns.data[row], columns.data_size[row]));
    }
  }
}

// Bytes of data in `batch`, with `overhead` bytes more for each user record.
inline size_t DataSize(const Batch& batch, size_t overhead) {
  size_t size = 0;
  ForEachData(batch, [&](Bytes data) { size += data.size() + overhead; });
  return size;
}

}  // namespace thresh

#endif  // THRESH_SINK_ROWS_H_
