// How a run that writes records to OUT ends: what it says, where, and with
// which exit status. The summary goes where the records do not.
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

// Ends a run that `error` stopped when it had counted `so_far`.
ExitStatus EndEarly(const std::string& out, const SummaryOptions& options,
                    const Error& error, const Summary& so_far,
                    const InputAdvice& input = {});

// What a command adds to the summary.
struct SummaryAddition {
  std::vector<SummaryRow> rows;
  Json members = Json::object();
  bool left_out = false;  // records, which makes the end no clean one
};

// Ends a run that came to its end. `quarantine` is where suspects went, if
// there were any; empty if nowhere.
ExitStatus EndWithReport(const std::string& out, const SummaryOptions& options,
                         const Report& report, const std::string& quarantine,
                         const SummaryAddition& addition = {},
                         const InputAdvice& input = {});

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_RUN_END_H_
