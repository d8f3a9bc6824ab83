// How a sink walks a batch, column by column rather than by gathered records.
#ifndef THRESH_SINK_ROWS_H_
#define THRESH_SINK_ROWS_H_

#include <cstdint>

#include "sink/put.h"
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

// Data of less than this is copied to the output: that costs less than to have
// the kernel handle one more piece.
inline constexpr size_t kLeastReferred = 512;

// Bytes that the data of `batch` takes in the output if PutData puts it there,
// with `overhead` bytes more for each user record.
inline size_t DataSize(const Batch& batch, size_t overhead) {
  size_t size = 0;
  ForEachData(batch, [&](Bytes data) {
    size += overhead + (data.size() < kLeastReferred ? data.size() : 0);
  });
  return size;
}

// Puts `data`, of a batch that is being encoded, at `at`, which lies in the
// room behind `out`, or makes `out` refer to it. Returns the end of what it
// put.
inline uint8_t* PutData(Bytes data, uint8_t* at, OutputBuffer* out) {
  if (data.size() < kLeastReferred) return Put(data, at);
  EndAt(at, out);
  out->Refer(data);
  return at;
}

}  // namespace thresh

#endif  // THRESH_SINK_ROWS_H_
