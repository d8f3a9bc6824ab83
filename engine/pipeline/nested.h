// Aggregates within aggregates: a producer that forwards what it consumed
// without taking it apart packs aggregated records into aggregated records.
#ifndef THRESH_PIPELINE_NESTED_H_
#define THRESH_PIPELINE_NESTED_H_

#include <cstddef>

#include "thresh/batch.h"
#include "thresh/summary.h"

namespace thresh {

// Looks at the last rows of `batch`, those from `first` on, which are the user
// records of one aggregate and not yet in kinesis_records. Counts those that
// are aggregates themselves: that hold a user record, after a digest that
// verifies. With `take_apart` they are replaced by their user records, up to
// kMaxNesting deep.
void HandleNested(size_t first, bool take_apart, Batch* batch,
                  Summary* summary);

// Gives the first `count` rows of `batch`, which are those of its Kinesis
// records, numbers of their own, if rows have none yet.
void NumberFirstRows(size_t count, Batch* batch);

// Gives the last rows, those from `first` on, which are of one Kinesis record,
// their numbers, if rows have them already and these do not.
void NumberRows(size_t first, UserRecordColumns* rows);

}  // namespace thresh

#endif  // THRESH_PIPELINE_NESTED_H_
