// Divides a batch, so that a sink's output for it takes bounded memory: one
// aggregate with a long key may hold a hundred thousand records, and a sink
// writes the key with each.
#ifndef THRESH_PIPELINE_BATCH_SLICES_H_
#define THRESH_PIPELINE_BATCH_SLICES_H_

#include <cstddef>
#include <cstdint>

#include "thresh/batch.h"
#include "thresh/column.h"

namespace thresh {

// Whether a batch may be encoded undivided, since it would be one slice: a
// conservative test that does not visit the rows.
[[nodiscard]] bool IsSmall(const Batch& batch, uint64_t most);

class BatchSlices {
 public:
  // Takes the content of `batch`, which must outlive it. A slice refers to at
  // most `most` bytes of keys, data and suspects, unless a single record has
  // more.
  BatchSlices(Batch* batch, uint64_t most);

  // Makes `batch` hold its next slice; false at the end. Its columns are
  // unchanged: the slice's rows are those of its Kinesis records, of which the
  // first and the last may have been split.
  bool Next();

 private:
  [[nodiscard]] uint64_t SizeOf(uint64_t row) const;
  // Adds the part of `record` that fits, from the row `row_` on; false if some
  // is left.
  bool Take(const KinesisRecord& record);

  Batch* batch_;
  const uint64_t max_size_;
  Column<KinesisRecord> records_;  // all of the batch
  size_t next_ = 0;                // the first that is not whole in a slice
  uint64_t row_ = 0;               // the number of its rows already taken
  uint64_t size_ = 0;              // of the slice so far
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_BATCH_SLICES_H_
