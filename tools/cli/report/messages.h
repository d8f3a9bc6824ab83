// What the program says on standard error, and the exit status that goes with
// it.
#ifndef THRESH_TOOLS_CLI_REPORT_MESSAGES_H_
#define THRESH_TOOLS_CLI_REPORT_MESSAGES_H_

#include <string>
#include <string_view>

#include "cli/exit_status.h"
#include "cli/report/advice.h"
#include "thresh/deaggregate.h"
#include "thresh/result.h"

namespace thresh::cli {

// Prints "thresh: FILE: offset N: MESSAGE; REMEDY", with the remedy that
// Advised gives, and returns the exit status for an error that ended the run.
ExitStatus ReportError(const Error& error, const InputAdvice& input = {});

// Prints the message and where to read more. `command` may be empty.
ExitStatus ReportUsageError(std::string_view command, std::string_view message);

// Prints "thresh: TEXT": what is no error, but should not be overlooked.
void ReportNote(std::string_view text);

// Says where the result of a run is that was to write `out`, and could not read
// all of its inputs.
void ReportIncomplete(const std::string& out, const Report& report);

// Prints the input errors of a run that came to its end, and returns its exit
// status.
ExitStatus ReportOutcome(const Report& report, const InputAdvice& input = {});

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_MESSAGES_H_
