// The end of a run that writes records to OUT: its messages, where they are
// printed, and the exit status. The summary is printed to the stream that
// records are not written to.
#ifndef THRESH_TOOLS_CLI_RUN_END_H_
#define THRESH_TOOLS_CLI_RUN_END_H_

#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/report/advice.h"
#include "cli/report/summary_printer.h"
#include "thresh/deaggregate.h"
#include "thresh/result.h"
#include "thresh/summary.h"

namespace thresh::cli {

// Ends a run that `error` stopped when its counts were `so_far`.
ExitStatus EndEarly(const std::string& out, const SummaryOptions& options,
                    const Error& error, const Summary& so_far,
                    const InputAdvice& input = {});

// What a command adds to the summary.
struct SummaryAddition {
  std::vector<SummaryRow> rows;
  Json members = Json::object();
  bool left_out = false;  // records were left out; the exit status is not clean
};

// Ends a run that finished. `quarantine` is where suspects were written, if
// there were any; empty if nowhere.
ExitStatus EndWithReport(const std::string& out, const SummaryOptions& options,
                         const Report& report, const std::string& quarantine,
                         const SummaryAddition& addition = {},
                         const InputAdvice& input = {});

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_RUN_END_H_
