// See batch_slices.h.
#include "pipeline/batch_slices.h"

#include <algorithm>
#include <utility>

#include "pipeline/nested.h"

namespace thresh {
namespace {

// Approximately what a sink writes for a user record besides its keys and data.
constexpr uint64_t kRowBytes = 128;

uint64_t Longest(const Column<Bytes>& keys) {
  size_t longest = 0;
  for (const Bytes key : keys) longest = std::max(longest, key.size());
  return longest;
}

uint64_t SizeOfKey(const Column<Bytes>& keys, uint32_t id) {
  return id == kNoKey ? 0 : keys[id].size();
}

}  // namespace

bool IsSmall(const Batch& batch, uint64_t most) {
  const UserRecordColumns& rows = batch.user_records;
  uint64_t size = rows.size() * (kRowBytes + Longest(rows.partition_keys) +
                                 Longest(rows.explicit_hash_keys));
  for (const KinesisRecord& record : batch.kinesis_records) {
    size += record.bytes.size();
  }
  return size <= most;
}

BatchSlices::BatchSlices(Batch* batch, uint64_t most)
    : batch_(batch), max_size_(most) {
  // A slice begins anywhere in a Kinesis record: its rows need explicit
  // numbers.
  NumberFirstRows(batch->user_records.size(), batch);
  std::swap(records_, batch->kinesis_records);
}

uint64_t BatchSlices::SizeOf(uint64_t row) const {
  const UserRecordColumns& rows = batch_->user_records;
  return kRowBytes + rows.data_size[row] +
         SizeOfKey(rows.partition_keys, rows.partition_key[row]) +
         SizeOfKey(rows.explicit_hash_keys, rows.explicit_hash_key[row]);
}

bool BatchSlices::Take(const KinesisRecord& record) {
  uint64_t size = IsSuspect(record.verdict) ? record.bytes.size() : 0;
  uint64_t row = row_;
  for (; row < record.user_record_count; ++row) {
    const uint64_t more = SizeOf(record.first_user_record + row);
    const bool fits = size_ + size + more <= max_size_;
    if (!fits && (row > row_ || size_ > 0)) break;
    size += more;
  }
  const bool whole = row == record.user_record_count;
  if (row > row_ || whole) {
    batch_->kinesis_records.Append(record);
    KinesisRecord* taken = &batch_->kinesis_records.back();
    taken->first_user_record += row_;
    taken->user_record_count = static_cast<uint32_t>(row - row_);
    size_ += size;
  }
  row_ = whole ? 0 : row;
  return whole;
}

bool BatchSlices::Next() {
  batch_->kinesis_records.Clear();
  size_ = 0;
  while (next_ < records_.size() && Take(records_[next_])) ++next_;
  return !batch_->kinesis_records.empty();
}

}  // namespace thresh
