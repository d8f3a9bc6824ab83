// `thresh inspect`: shows the contents of an archive, record by record.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

#include "cli/commands/command.h"
#include "cli/options/count.h"
#include "cli/options/filter_options.h"
#include "cli/options/input_options.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/record_printer.h"
#include "cli/report/text_output.h"
#include "thresh/batch_reader.h"

namespace thresh::cli {
namespace {

constexpr char kInspectName[] = "inspect";
constexpr char kInspectFooter[] = R"(Examples:
  thresh inspect day.gz --limit 3
  thresh inspect archive/ --partition-key user-17
  thresh inspect day.bin --container varint --json | jq '.userRecords | length'

Filters remove user records, and Kinesis records that have none left.

Exit status: 0 all valid, 1 a suspect was shown, 2 wrong usage,
3 an input or the output failed.)";

struct InspectOptions {
  InputOptions input;
  FilterOptions filter;
  bool json = false;
  std::optional<uint64_t> limit;
  bool quiet = false;
};

class Inspector {
 public:
  Inspector(const InspectOptions& options, const InputList& inputs)
      : options_(options), inputs_(inputs), printer_(options.input.nested) {}

  void Print(const Batch& batch) {
    for (const KinesisRecord& record : batch.kinesis_records) {
      if (IsHeldBack(record)) continue;
      any_suspect_ = any_suspect_ || IsSuspect(record.verdict);
      const std::string source = inputs_[record.source];
      if (options_.json) {
        printer_.PrintJson(batch, record, source, PrintOutput);
      } else {
        printer_.PrintText(batch, record, source, PrintOutput);
      }
    }
  }

  [[nodiscard]] bool any_suspect() const { return any_suspect_; }

 private:
  // Whether filters have removed all of its user records.
  static bool IsHeldBack(const KinesisRecord& record) {
    return record.user_record_count == 0 &&
           (record.verdict == Verdict::kAggregated ||
            record.verdict == Verdict::kNotAggregated);
  }

  const InspectOptions& options_;
  const InputList& inputs_;
  RecordPrinter printer_;
  bool any_suspect_ = false;
};

// Prints until the end or the limit and returns the exit status.
Result<ExitStatus> PrintAll(const InspectOptions& options,
                            const InputList& inputs) {
  Options reading = ReadingOptions(options.input);
  // Data is printed long after it was read; if a file shrinks by then, it
  // must not be shown as zeros.
  reading.use_mmap = false;
  reading.on_suspect = SuspectPolicy::kSkip;
  Result<Filter> filter = FilterOf(options.filter);
  if (!filter) return tl::unexpected(filter.error());
  reading.filter = *std::move(filter);
  reading.filter.kinesis_record_limit = options.limit;
  // Output to a terminal shows the progress by itself.
  ProgressBar bar(!options.quiet && isatty(STDOUT_FILENO) == 0);
  reading.progress_total = bar.shown();
  reading.progress = [&bar](const Progress& progress) {
    bar.Update(StateOf(progress));
  };
  Result<BatchReader> reader = BatchReader::Open(inputs, reading);
  if (!reader) return tl::unexpected(reader.error());
  Inspector inspector(options, inputs);
  while (true) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    if (!batch) return tl::unexpected(batch.error());
    if (*batch == nullptr) break;
    inspector.Print(**batch);
    // A full disk ends the run now, not after hours of reading.
    const Result<void> flushed = FlushOutput();
    if (!flushed) return tl::unexpected(flushed.error());
  }
  bar.Clear();
  const Result<void> flushed = FlushOutput();
  if (!flushed) return tl::unexpected(flushed.error());
  ReportMissingMetadata(reader->report().summary);
  const ExitStatus status = ReportOutcome(reader->report());
  if (status == ExitStatus::kFailed) return status;
  const bool lacking = inspector.any_suspect() ||
                       reader->report().summary.reports_without_records > 0;
  return lacking ? ExitStatus::kSuspects : ExitStatus::kClean;
}

ExitStatus RunInspect(const InspectOptions& options) {
  if (const auto conflict = FindContradiction(options.filter)) {
    return ReportUsageError(kInspectName, *conflict);
  }
  const Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs) return ReportError(inputs.error());
  for (const Error& error : inputs->errors) ReportError(error);
  const Result<ExitStatus> status = PrintAll(options, inputs->list);
  if (!status) return ReportError(status.error());
  return inputs->errors.empty() ? *status : ExitStatus::kFailed;
}

}  // namespace

Command AddInspectCommand(CLI::App* program) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App* app = program->add_subcommand(
      kInspectName,
      "Print Kinesis records and their user records, as text or JSON");
  AddInputOptions(app, &options->input);
  AddFilterOptions(app, &options->filter);
  app->add_flag(
         "--json", options->json,
         "Print one JSON object per line and Kinesis record, data in base64")
      ->group("Output");
  AddCount(app, "--limit", &options->limit,
           "Maximum number of Kinesis records to print")
      ->group("Output");
  app->add_flag("--quiet,-q", options->quiet,
                "No progress bar; errors are still printed")
      ->group("Output");
  app->footer(kInspectFooter);
  return {app, [options] { return RunInspect(*options); }};
}

}  // namespace thresh::cli
