// What `thresh aggregate` adds to the summary of a run.
#ifndef THRESH_TOOLS_CLI_REPORT_AGGREGATE_REPORT_H_
#define THRESH_TOOLS_CLI_REPORT_AGGREGATE_REPORT_H_

#include "cli/run_end.h"
#include "thresh/aggregate.h"

namespace thresh::cli {

[[nodiscard]] SummaryAddition AdditionOf(const AggregateReport& run);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_AGGREGATE_REPORT_H_
