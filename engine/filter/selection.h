// Filters select which rows of a batch stay; the columns are then compacted in
// one pass.
#ifndef THRESH_FILTER_SELECTION_H_
#define THRESH_FILTER_SELECTION_H_

#include <cstddef>
#include <cstdint>

#include "thresh/batch.h"
#include "thresh/column.h"
#include "thresh/summary.h"

namespace thresh {

// A position in a batch: everything after it is new.
struct BatchMark {
  size_t kinesis_records = 0;
  size_t rows = 0;
  size_t partition_keys = 0;
  size_t explicit_hash_keys = 0;

  static BatchMark EndOf(const Batch& batch) {
    return {.kinesis_records = batch.kinesis_records.size(),
            .rows = batch.user_records.size(),
            .partition_keys = batch.user_records.partition_keys.size(),
            .explicit_hash_keys = batch.user_records.explicit_hash_keys.size()};
  }
};

// For each row after a mark: 1 if it stays, 0 if not.
using Selection = Column<uint8_t>;

// Drops the rows of `batch` after `from` that `selection` does not keep, and
// moves them in `summary` from the user records to the filtered ones. Kinesis
// records stay, with fewer user records; rows keep their sub-sequence numbers.
void KeepRows(const Selection& selection, const BatchMark& from, Batch* batch,
              Summary* summary);

}  // namespace thresh

#endif  // THRESH_FILTER_SELECTION_H_
