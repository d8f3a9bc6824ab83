// Iteration over a batch by a sink, column by column rather than by gathered
// records.
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

// Data of less than this is copied to the output: that costs less than one more
// piece for the kernel.
inline constexpr size_t kLeastReferred = 512;

// Copies the data of a batch to its encoding, or adds a reference to it.
class DataPutter {
 public:
  // Data is referred to only if `may_refer`. `out` must outlive it.
  DataPutter(bool may_refer, OutputBuffer* out)
      : least_referred_(may_refer ? kLeastReferred : SIZE_MAX), out_(out) {}

  // The number of bytes that the data of `batch` takes in the buffer, with
  // `overhead` bytes more for each user record.
  [[nodiscard]] size_t Size(const Batch& batch, size_t overhead) const {
    size_t size = 0;
    ForEachData(batch, [&](Bytes data) {
      size += overhead + (data.size() < least_referred_ ? data.size() : 0);
    });
    return size;
  }

  // Puts `data` at `at`, which is in the room after the buffer. Returns the end
  // of what it wrote.
  uint8_t* Put(Bytes data, uint8_t* at) const {
    if (data.size() < least_referred_) return thresh::Put(data, at);
    EndAt(at, out_);
    out_->Refer(data);
    return at;
  }

 private:
  size_t least_referred_;
  OutputBuffer* out_;
};

}  // namespace thresh

#endif  // THRESH_SINK_ROWS_H_
