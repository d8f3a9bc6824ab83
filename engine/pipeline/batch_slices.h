// A batch in pieces, so that what a sink makes of it takes bounded memory: one
// aggregate with a long key may hold a hundred thousand records, each of which
// a sink writes with the key.
#ifndef THRESH_PIPELINE_BATCH_SLICES_H_
#define THRESH_PIPELINE_BATCH_SLICES_H_

#include <cstddef>
#include <cstdint>

#include "thresh/batch.h"
#include "thresh/column.h"

namespace thresh {

// Whether a batch may be encoded as it is, since it would be one slice: a bound
// that takes no look at the rows one by one.
[[nodiscard]] bool IsSmall(const Batch& batch, uint64_t most);

class BatchSlices {
 public:
  // Takes `batch` over, which must outlive it. A slice refers to at most `most`
  // bytes of keys, data and suspects, unless a single record has more.
  BatchSlices(Batch* batch, uint64_t most);

  // Makes `batch` hold the next slice of it; false at the end. Its columns stay
  // what they are: the slice's rows are those of its Kinesis records, of which
  // the first and the last may have been split.
  bool Next();

 private:
  [[nodiscard]] uint64_t SizeOf(uint64_t row) const;
  // Adds what fits of `record`, from the row `row_` on; false if some is left.
  bool Take(const KinesisRecord& record);

  Batch* batch_;
  const uint64_t most_;
  Column<KinesisRecord> records_;  // all of the batch
  size_t next_ = 0;                // the first that is not whole in a slice
  uint64_t row_ = 0;               // of its rows, how many have been
  uint64_t size_ = 0;              // of the slice so far
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_BATCH_SLICES_H_
