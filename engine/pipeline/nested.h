// Nested aggregates: a producer that forwards consumed records without
// deaggregating them packs aggregated records into aggregated records.
#ifndef THRESH_PIPELINE_NESTED_H_
#define THRESH_PIPELINE_NESTED_H_

#include <cstddef>

#include "thresh/batch.h"
#include "thresh/summary.h"

namespace thresh {

// Examines the last rows of `batch`, those from `first` on, which are the user
// records of one aggregate and not yet in kinesis_records. Counts those that
// are aggregates themselves: with a valid digest, and at least one user record.
// With `take_apart` they are replaced by their user records, up to kMaxNesting
// deep.
void HandleNested(size_t first, bool take_apart, Batch* batch,
                  Summary* summary);

// Gives the first `count` rows of `batch`, which are those of its Kinesis
// records, explicit numbers, if rows have none yet.
void NumberFirstRows(size_t count, Batch* batch);

// Numbers the last rows, those from `first` on, which are of one Kinesis
// record, if earlier rows are numbered and these are not.
void NumberRows(size_t first, UserRecordColumns* rows);

}  // namespace thresh

#endif  // THRESH_PIPELINE_NESTED_H_
