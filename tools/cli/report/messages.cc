// See messages.h.
#include "cli/report/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/printable.h"

namespace thresh::cli {
namespace {

// Messages quote names, options and data that are untrusted.
void PrintLine(std::string_view text) {
  const std::string line = fmt::format("thresh: {}\n", Printable(text));
  // If standard error fails, the error cannot be reported.
  static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
}

// "FILE: offset N: ...".
std::string InWords(const MissingRange& range) {
  const auto or_unknown = [](const std::string& text) {
    return text.empty() ? std::string("an unknown one") : Printable(text);
  };
  const std::string records =
      range.records == 0 ? "its records"
                         : fmt::format("its {} records", range.records);
  return fmt::format(
      "{}: offset {}: the report of a failed invocation names {} instead of "
      "containing them: shard {}{}{}, from {} to {}; read them from the stream "
      "before they expire",
      Printable(range.file), range.offset, records, or_unknown(range.shard_id),
      range.stream.empty() ? "" : " of ", Printable(range.stream),
      or_unknown(range.first), or_unknown(range.last));
}

void ReportMissingRanges(const Summary& summary) {
  constexpr size_t kMaxShown = 10;
  const std::vector<MissingRange>& ranges = summary.missing_ranges;
  const size_t shown = std::min(ranges.size(), kMaxShown);
  for (size_t i = 0; i < shown; ++i) PrintLine(InWords(ranges[i]));
  const uint64_t more = summary.reports_without_records - shown;
  if (more == 0) return;
  const bool all = summary.reports_without_records == ranges.size();
  PrintLine(fmt::format(
      "{} more reports without records: --summary json lists {}", more,
      all ? "them all"
          : fmt::format("the first {} of a run; read the inputs a part at a "
                        "time to list all",
                        ranges.size())));
}

// A glob may have been mistyped; the run does not fail because of it.
void ReportNothingRead(const Summary& summary) {
  const LeftOut& left_out = summary.left_out;
  const uint64_t all = left_out.not_data + left_out.excluded;
  if (summary.inputs > 0 || summary.limited || all == 0) return;
  ReportNote(
      left_out.excluded > 0
          ? fmt::format("no input is read: --include and --exclude leave out "
                        "{1} of the {0} that were found",
                        all, left_out.excluded)
          : fmt::format("no input is read: the entries found ({}) are links, "
                        "pipes, directories or names that hold no records; a "
                        "link is followed if it is named itself",
                        all));
}

}  // namespace

ExitStatus ReportError(const Error& error, const InputAdvice& input) {
  PrintLine(Advised(error, input).ToString());
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return ExitStatus::kUsage;
    case ErrorCode::kSuspect:
      return ExitStatus::kSuspects;
    case ErrorCode::kIo:
    case ErrorCode::kContainer:
    case ErrorCode::kMemory:
    case ErrorCode::kTooLarge:
    case ErrorCode::kCancelled:
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

void ReportIncomplete(const std::string& out, const Report& report) {
  PrintLine(
      fmt::format("{}: not written, because an input could not be read; what "
                  "could be read is in {}; run again when the input can be "
                  "read, or accept the result with --keep-going",
                  Printable(out), Printable(report.incomplete_file)));
}

ExitStatus ReportOutcome(const Report& report, const InputAdvice& input) {
  for (const Error& error : report.input_errors) {
    PrintLine(Advised(error, input).ToString());
  }
  const Summary& summary = report.summary;
  ReportMissingRanges(summary);
  if (summary.unreadable_metadata > 0) {
    PrintLine(
        fmt::format("{} times or numbers of Kinesis records have a form that "
                    "cannot be read, and are null",
                    summary.unreadable_metadata));
  }
  if (summary.suspicious_data > 0) {
    PrintLine(fmt::format(
        "{} Kinesis records that are not aggregated begin like aggregated ones "
        "that were encoded twice, converted to text or damaged in their first "
        "bytes; they are written unchanged: remove the second encoding before "
        "reading them, or, where bytes were replaced or damaged, fetch the "
        "records again",
        summary.suspicious_data));
  }
  if (const uint64_t pieces = summary.possible_pieces(); pieces > 0) {
    PrintLine(fmt::format(
        "{} Kinesis records that are not aggregated are lines of base64 as "
        "long as those at which other records are wrapped: they may be pieces "
        "of records whose first line is missing or damaged",
        pieces));
  }
  if (!report.input_errors.empty()) return ExitStatus::kFailed;
  ReportNothingRead(summary);
  const bool lacking =
      summary.suspects() > 0 || summary.reports_without_records > 0;
  return lacking ? ExitStatus::kSuspects : ExitStatus::kClean;
}

}  // namespace thresh::cli
