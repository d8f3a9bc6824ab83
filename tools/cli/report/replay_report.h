// The final report of `thresh replay`: what was sent, and what was not.
#ifndef THRESH_TOOLS_CLI_REPORT_REPLAY_REPORT_H_
#define THRESH_TOOLS_CLI_REPORT_REPLAY_REPORT_H_

#include <string>

#include "cli/report/json_value.h"
#include "kinesis/record_source.h"
#include "kinesis/sender.h"

namespace thresh::cli {

struct ReplayOutcome {
  kinesis::SendReport sent;
  kinesis::SourceCounts counts;
  bool all_sent = false;  // everything that was read
  bool complete = false;  // and the inputs were read to their ends
  bool dry_run = false;
  bool documents = false;  // records were not parsed, so not counted
};

// Why a request failed, and when the next one is sent.
[[nodiscard]] std::string AgainText(const Error& why, kinesis::Time pause);

// A few lines, each with its line end.
[[nodiscard]] std::string ReplayText(const ReplayOutcome& outcome);

[[nodiscard]] Json ReplayJson(const ReplayOutcome& outcome);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_REPLAY_REPORT_H_
