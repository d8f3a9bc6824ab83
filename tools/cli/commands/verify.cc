// `thresh verify`: reads everything, checks every digest and message, and
// writes only what it found.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

#include "base/printable.h"
#include "cli/commands/command.h"
#include "cli/options/count.h"
#include "cli/options/input_options.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/summary_printer.h"
#include "cli/report/suspect_list.h"
#include "cli/report/text_output.h"
#include "cli/report/units.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh::cli {
namespace {

constexpr char kVerifyName[] = "verify";
constexpr char kVerifyFooter[] =
    R"(Each suspect is printed on standard output as FILE: offset N: BYTES: VERDICT:
REASON. With --summary json they are in the object, as first_suspects.

Examples:
  thresh verify archive/
  thresh verify day.gz --content-checksum --summary json | jq .content_checksum

Exit status: 0 all valid, 1 finished with suspects, 2 wrong usage,
3 an input failed.)";

struct VerifyOptions {
  InputOptions input;
  SummaryOptions summary;
  uint64_t limit = 20;
};

// Prints suspects as text, or collects them as JSON.
class SuspectPrinter {
 public:
  SuspectPrinter(const VerifyOptions& options, const InputList& inputs,
                 ProgressBar* bar)
      : in_json_(options.summary.format == SummaryFormat::kJson),
        inputs_(inputs),
        bar_(bar) {}

  void Print(const Suspect& suspect) {
    const std::string& file = inputs_[suspect.source];
    const std::string_view verdict = VerdictName(suspect.verdict);
    if (in_json_) {
      Json object = Json::object();
      SetText(&object, "file", file);
      object["offset"] = suspect.offset;
      object["length"] = suspect.length;
      object["verdict"] = verdict;
      object["reason"] = ReasonName(suspect.reason);
      json_.push_back(std::move(object));
      return;
    }
    bar_->Clear();
    PrintOutput(fmt::format("{}: offset {}: {} bytes: {}: {}: {}\n",
                            Printable(file), suspect.offset, suspect.length,
                            verdict, ReasonName(suspect.reason),
                            ReasonText(suspect.reason)));
  }

  void PrintOmitted(uint64_t count) const {
    if (count == 0 || in_json_) return;
    PrintOutput(fmt::format("and {} more\n", WithThousands(count)));
  }

  [[nodiscard]] const Json& json() const { return json_; }

 private:
  bool in_json_;
  const InputList& inputs_;
  ProgressBar* bar_;
  Json json_ = Json::array();
};

// Runs deaggregate without writing records and passes the suspects to
// `printer`. `so_far` holds the counts of a run that ends early.
Result<Report> ReadAll(const VerifyOptions& options, const InputList& inputs,
                       ProgressBar* bar, SuspectPrinter* printer,
                       Summary* so_far) {
  const Result<std::unique_ptr<Sink>> nowhere =
      OpenSink("-", OutputFormat::kNull);
  if (!nowhere) return tl::unexpected(nowhere.error());
  SuspectList suspects(options.limit, [printer](const Suspect& suspect) {
    printer->Print(suspect);
  });
  Options reading = ReadingOptions(options.input);
  reading.on_suspect = SuspectPolicy::kQuarantine;
  reading.content_checksum = options.summary.content.checksum;
  reading.content_digest = options.summary.content.digest;
  reading.progress_total = bar->shown();
  reading.progress = [bar, so_far](const Progress& progress) {
    bar->Update(StateOf(progress));
    *so_far = progress.so_far;
  };
  Result<Report> report =
      Deaggregate(inputs, reading, nowhere->get(), &suspects);
  bar->Clear();
  printer->PrintOmitted(suspects.omitted());
  return report;
}

// Flushes standard output. Every run that prints there ends with this.
ExitStatus Flushed(ExitStatus status) {
  const Result<void> flushed = FlushOutput();
  return flushed ? status : ReportError(flushed.error());
}

ExitStatus EndEarly(const VerifyOptions& options, const Error& error,
                    const Summary& so_far) {
  const ExitStatus status = ReportError(error);
  if (options.summary.format == SummaryFormat::kJson) {
    PrintOutput(ToLine(SummaryJson({so_far, {error}})));
  }
  return Flushed(status);
}

ExitStatus RunVerify(const VerifyOptions& options) {
  const Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs) return EndEarly(options, inputs.error(), {});
  ProgressBar bar(!options.summary.quiet);
  SuspectPrinter printer(options, inputs->list, &bar);
  Summary so_far;
  Result<Report> report =
      ReadAll(options, inputs->list, &bar, &printer, &so_far);
  if (!report) return EndEarly(options, report.error(), so_far);
  report->input_errors.insert(report->input_errors.begin(),
                              inputs->errors.begin(), inputs->errors.end());

  const ExitStatus status = ReportOutcome(*report);
  if (options.summary.format == SummaryFormat::kJson) {
    Json json = SummaryJson(*report);
    json["first_suspects"] = printer.json();
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
      kVerifyName,
      "Check the digest and structure of every record; write nothing");
  AddInputOptions(app, &options->input);
  AddCount(app, "--limit", &options->limit,
           "Maximum number of suspects to list")
      ->default_str("20")
      ->group("Reporting");
  AddSummaryOptions(app, &options->summary, "standard output");
  app->footer(kVerifyFooter);
  return {app, [options] { return RunVerify(*options); }};
}

}  // namespace thresh::cli
