// What `thresh aggregate` adds to the summary of a run.
#ifndef THRESH_TOOLS_CLI_REPORT_AGGREGATE_REPORT_H_
#define THRESH_TOOLS_CLI_REPORT_AGGREGATE_REPORT_H_

#include <cstdint>

#include "cli/blob_packer.h"
#include "cli/run_end.h"
#include "kinesis/unsendable.h"
#include "thresh/summary.h"

namespace thresh::cli {

// What happened to a run beside its report.
struct AggregateRun {
  Summary so_far;  // should it end early
  Packed packed;
  uint64_t lost_keys = 0;
  kinesis::UnsendableCounts unsendable;
};

[[nodiscard]] SummaryAddition AdditionOf(const AggregateRun& run);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_AGGREGATE_REPORT_H_
