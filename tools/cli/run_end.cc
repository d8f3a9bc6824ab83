// See run_end.h.
#include "cli/run_end.h"

#include <cstdio>

#include "cli/options/filter_options.h"
#include "cli/report/messages.h"
#include "cli/report/text_output.h"
#include "thresh/sinks.h"

namespace thresh::cli {
namespace {

// Prints the JSON summary to the stream that records are not written to.
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
                    const Error& error, const Summary& so_far,
                    const InputAdvice& input) {
  const ExitStatus status = ReportError(error, input);
  if (options.format == SummaryFormat::kText) return status;
  return PrintJson(out, SummaryJson({so_far, {error}}, input), status);
}

ExitStatus EndWithReport(const std::string& out, const SummaryOptions& options,
                         const Report& report, const std::string& quarantine,
                         const SummaryAddition& addition,
                         const InputAdvice& input) {
  ReportMissingMetadata(report.summary);
  ExitStatus status = ReportOutcome(report, input);
  if (status == ExitStatus::kClean && addition.left_out) {
    status = ExitStatus::kSuspects;
  }
  const bool any_suspects = report.summary.suspects() > 0;
  const std::string side = quarantine.empty() || !report.incomplete
                               ? quarantine
                               : quarantine + std::string(kIncompleteSuffix);
  if (!report.incomplete_file.empty()) ReportIncomplete(out, report);
  if (options.format == SummaryFormat::kJson) {
    Json json = SummaryJson(report, input);
    json.update(addition.members);
    if (any_suspects && !side.empty()) SetText(&json, "quarantine", side);
    if (!report.incomplete_file.empty()) {
      SetText(&json, "incomplete", report.incomplete_file);
    }
    return PrintJson(out, json, status);
  }
  if (!options.quiet) {
    const std::string text =
        SummaryText(report.summary, any_suspects ? side : "", addition.rows);
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  }
  return status;
}

}  // namespace thresh::cli
