// See run_end.h.
#include "cli/run_end.h"

#include <cstdio>

#include "cli/filter_options.h"
#include "cli/messages.h"
#include "cli/text_output.h"

namespace thresh::cli {
namespace {

// Prints the JSON summary where the records do not go.
ExitStatus PrintJson(const std::string& out, const Json& json,
                     ExitStatus status) {
  const std::string line = ToLine(json);
  if (out == "-") {
    static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
    return status;
  }
  PrintOutput(line);
  const Result<void> flushed = FlushOutput();
  return flushed ? status : ReportError(flushed.error());
}

}  // namespace

ExitStatus EndEarly(const std::string& out, const SummaryOptions& options,
                    const Error& error, const Summary& so_far) {
  const ExitStatus status = ReportError(error);
  if (options.format == SummaryFormat::kText) return status;
  return PrintJson(out, SummaryJson({so_far, {error}}), status);
}

ExitStatus EndWithReport(const std::string& out, const SummaryOptions& options,
                         const Report& report, const std::string& quarantine,
                         const SummaryAddition& addition) {
  ReportMissingMetadata(report.summary);
  ExitStatus status = ReportOutcome(report);
  if (status == ExitStatus::kClean && addition.left_out) {
    status = ExitStatus::kSuspects;
  }
  const bool any_suspects = report.summary.suspects() > 0;
  if (options.format == SummaryFormat::kJson) {
    Json json = SummaryJson(report);
    json.update(addition.members);
    if (any_suspects && !quarantine.empty()) {
      SetText(&json, "quarantine", quarantine);
    }
    return PrintJson(out, json, status);
  }
  if (!options.quiet) {
    const std::string text = SummaryText(
        report.summary, any_suspects ? quarantine : "", addition.rows);
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  }
  return status;
}

}  // namespace thresh::cli
