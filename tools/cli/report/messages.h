// The program's messages on standard error, and the matching exit statuses.
#ifndef THRESH_TOOLS_CLI_REPORT_MESSAGES_H_
#define THRESH_TOOLS_CLI_REPORT_MESSAGES_H_

#include <string>
#include <string_view>

#include "cli/exit_status.h"
#include "cli/report/advice.h"
#include "thresh/deaggregate.h"
#include "thresh/result.h"

namespace thresh::cli {

// Prints "thresh: FILE: offset N: MESSAGE; REMEDY", with the remedy from
// Advised, and returns the exit status for an error that ended the run.
ExitStatus ReportError(const Error& error, const InputAdvice& input = {});

// Prints the message and where to find help. `command` may be empty.
ExitStatus ReportUsageError(std::string_view command, std::string_view message);

// Prints "thresh: TEXT", for a condition that is not an error but should be
// noticed.
void ReportNote(std::string_view text);

// Reports where the result is of a run that was to write `out` and could not
// read all of its inputs.
void ReportIncomplete(const std::string& out, const Report& report);

// Prints the input errors of a run that finished, and returns its exit status.
ExitStatus ReportOutcome(const Report& report, const InputAdvice& input = {});

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_MESSAGES_H_
