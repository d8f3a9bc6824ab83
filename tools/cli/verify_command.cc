// `thresh verify`: reads everything, checks every digest and message, and
// writes nothing but what it found.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/input_options.h"
#include "cli/messages.h"
#include "cli/progress.h"
#include "cli/summary_printer.h"
#include "cli/text_output.h"
#include "cli/units.h"
#include "thresh/batch_reader.h"

namespace thresh::cli {
namespace {

constexpr char kName[] = "verify";
constexpr char kFooter[] =
    R"(Each suspect is told on standard output as FILE: offset N: BYTES: VERDICT. With
--summary json they stand in the object, as first_suspects.

Examples:
  thresh verify archive/
  thresh verify day.gz --summary json | jq .content_digest

Exit status: 0 all sound, 1 finished with suspects, 2 wrong usage,
3 an input failed.)";

struct VerifyOptions {
  InputOptions input;
  SummaryOptions summary;
  uint64_t limit = 20;
};

// Tells the first suspects as they come and counts the others.
class SuspectList {
 public:
  SuspectList(const VerifyOptions& options,
              const std::vector<std::string>& inputs, ProgressBar* bar)
      : options_(options), inputs_(inputs), bar_(bar) {}

  void Add(const Batch& batch) {
    for (const KinesisRecord& record : batch.kinesis_records) {
      if (IsSuspect(record.verdict) && ++count_ <= options_.limit) Tell(record);
    }
  }

  // Says how many were not told.
  void Finish() const {
    if (count_ <= options_.limit || InJson()) return;
    PrintOutput(
        fmt::format("and {} more\n", WithThousands(count_ - options_.limit)));
  }

  [[nodiscard]] const Json& json() const { return json_; }

 private:
  [[nodiscard]] bool InJson() const {
    return options_.summary.format == SummaryFormat::kJson;
  }

  void Tell(const KinesisRecord& record) {
    const std::string& file = inputs_[record.source];
    const std::string_view verdict = VerdictName(record.verdict);
    if (InJson()) {
      Json suspect = Json::object();
      SetText(&suspect, "file", file);
      suspect["offset"] = record.offset;
      suspect["length"] = record.length;
      suspect["verdict"] = verdict;
      json_.push_back(std::move(suspect));
      return;
    }
    bar_->Clear();
    PrintOutput(fmt::format("{}: offset {}: {} bytes: {}\n", file,
                            record.offset, record.length, verdict));
  }

  const VerifyOptions& options_;
  const std::vector<std::string>& inputs_;
  ProgressBar* bar_;
  uint64_t count_ = 0;
  Json json_ = Json::array();
};

Result<Report> ReadAll(const VerifyOptions& options,
                       const std::vector<std::string>& inputs, ProgressBar* bar,
                       SuspectList* suspects) {
  Options reading = ReadingOptions(options.input);
  reading.on_suspect = SuspectPolicy::kSkip;
  reading.progress = [bar](const Progress& progress) {
    bar->Update({.done = progress.stored_bytes_done,
                 .total = progress.stored_bytes_total,
                 .bytes = progress.stored_bytes_done,
                 .records = progress.user_records});
  };
  Result<BatchReader> reader = BatchReader::Open(inputs, reading);
  if (!reader) return tl::unexpected(reader.error());
  while (true) {
    const Result<const Batch*> batch = reader->Next();
    if (!batch) return tl::unexpected(batch.error());
    if (*batch == nullptr) break;
    suspects->Add(**batch);
  }
  return reader->report();
}

// The end of every run that has something on standard output.
ExitStatus Flushed(ExitStatus status) {
  const Result<void> flushed = FlushOutput();
  return flushed ? status : ReportError(flushed.error());
}

ExitStatus EndEarly(const VerifyOptions& options, const Error& error) {
  const ExitStatus status = ReportError(error);
  if (options.summary.format == SummaryFormat::kJson) {
    PrintOutput(ToLine(SummaryJson(error)));
  }
  return Flushed(status);
}

ExitStatus RunVerify(const VerifyOptions& options) {
  const Result<std::vector<std::string>> inputs =
      ExpandInputs(options.input.words);
  if (!inputs) {
    EndEarly(options, inputs.error());
    return ExitStatus::kFailed;
  }
  ProgressBar bar(!options.summary.quiet);
  SuspectList suspects(options, *inputs, &bar);
  const Result<Report> report = ReadAll(options, *inputs, &bar, &suspects);
  bar.Clear();
  suspects.Finish();
  if (!report) return EndEarly(options, report.error());

  const ExitStatus status = ReportOutcome(*report);
  if (options.summary.format == SummaryFormat::kJson) {
    Json json = SummaryJson(*report);
    json["first_suspects"] = suspects.json();
    PrintOutput(ToLine(json));
  }
  const ExitStatus flushed = Flushed(status);
  if (options.summary.format == SummaryFormat::kText &&
      !options.summary.quiet) {
    const std::string text = SummaryText(report->summary, "");
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  }
  return flushed;
}

}  // namespace

Command AddVerifyCommand(CLI::App* program) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* app = program->add_subcommand(
      kName, "Check digest and structure of every record, write nothing");
  AddInputOptions(app, &options->input);
  app->add_option("--limit", options->limit, "Suspects to list")
      ->type_name("N")
      ->capture_default_str()
      ->group("Reporting");
  AddSummaryOptions(app, &options->summary, "standard output");
  app->footer(kFooter);
  return {app, [options] { return RunVerify(*options); }};
}

}  // namespace thresh::cli
