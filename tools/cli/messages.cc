// See messages.h.
#include "cli/messages.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace thresh::cli {
namespace {

void PrintLine(std::string_view text) {
  const std::string line = fmt::format("thresh: {}\n", text);
  // Nothing is left to be told when standard error fails.
  static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
}

}  // namespace

ExitStatus ReportError(const Error& error) {
  PrintLine(error.ToString());
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return ExitStatus::kUsage;
    case ErrorCode::kSuspect:
      return ExitStatus::kSuspects;
    case ErrorCode::kIo:
    case ErrorCode::kContainer:
    case ErrorCode::kMemory:
    case ErrorCode::kTooLarge:
      break;
  }
  return ExitStatus::kFailed;
}

ExitStatus ReportUsageError(std::string_view command,
                            std::string_view message) {
  PrintLine(fmt::format("{}; see 'thresh {}{}--help'", message, command,
                        command.empty() ? "" : " "));
  return ExitStatus::kUsage;
}

void ReportNote(std::string_view text) { PrintLine(text); }

ExitStatus ReportOutcome(const Report& report) {
  for (const Error& error : report.input_errors) PrintLine(error.ToString());
  if (!report.input_errors.empty()) return ExitStatus::kFailed;
  return report.summary.suspects() > 0 ? ExitStatus::kSuspects
                                       : ExitStatus::kClean;
}

}  // namespace thresh::cli
