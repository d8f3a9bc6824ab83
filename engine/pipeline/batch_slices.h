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

// Bytes of keys, data and suspects that a slice refers to, unless a single
// record has more.
inline constexpr uint64_t kMostSliceBytes = uint64_t{4} << 20;

// Whether a batch may be encoded as it is: a bound that takes no look at the
// rows one by one.
[[nodiscard]] bool IsSmall(const Batch& batch);

class BatchSlices {
 public:
  // Takes `batch` over, which must outlive it.
  explicit BatchSlices(Batch* batch);

  // Makes `batch` hold the next slice of it; false at the end. Its columns stay
  // what they are: the slice's rows are those of its Kinesis records, of which
  // the first and the last may have been split.
  bool Next();

 private:
  [[nodiscard]] uint64_t SizeOf(uint64_t row) const;
  // Adds what fits of `record`, from the row `row_` on; false if some is left.
  bool Take(const KinesisRecord& record);

  Batch* batch_;
  Column<KinesisRecord> records_;  // all of the batch
  size_t next_ = 0;                // the first that is not whole in a slice
  uint64_t row_ = 0;               // of its rows, how many have been
  uint64_t size_ = 0;              // of the slice so far
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_BATCH_SLICES_H_
