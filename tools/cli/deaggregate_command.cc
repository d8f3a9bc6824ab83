// `thresh deaggregate`: archives in, user records out.
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "cli/choice.h"
#include "cli/command.h"
#include "cli/filter_options.h"
#include "cli/input_options.h"
#include "cli/messages.h"
#include "cli/output_files.h"
#include "cli/progress.h"
#include "cli/summary_printer.h"
#include "cli/text_output.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh::cli {
namespace {

constexpr char kName[] = "deaggregate";
constexpr char kFooter[] = R"(Examples:
  thresh deaggregate archive/ -o records.ndjson
      Every file below archive/, one JSON object a line.
  aws s3 cp s3://bucket/key - | thresh deaggregate - | head
      The first records of an object, while it is still coming.
  thresh deaggregate 'day/*.gz' --format null
      Count and verify only.
  thresh deaggregate day.bin --container u32le --on-suspect fail -o day.ndjson
      Length-prefixed records; stop at the first damaged one.
  thresh deaggregate day/ --partition-key-glob 'user-*' --limit 10
      The first ten records of these keys.
  thresh deaggregate events/ --shard 3 --since 2025-06-15T00:00:00Z \
      --dedupe sequence
      A shard from that day on, each record once.

Exit status: 0 all sound, 1 finished with suspects, 2 wrong usage,
3 an input or the output failed.)";

struct DeaggregateOptions {
  InputOptions input;
  FilterOptions filter;
  SummaryOptions summary;
  std::string out = "-";
  OutputFormat format = OutputFormat::kNdjson;
  DataEncoding data_encoding = DataEncoding::kBase64;
  bool metadata = false;
  SuspectPolicy on_suspect = SuspectPolicy::kQuarantine;
  std::string quarantine;  // as given
  // To tell what was asked for from what is the default.
  CLI::Option* data_encoding_option = nullptr;
  CLI::Option* on_suspect_option = nullptr;
};

void AddOutputOptions(CLI::App* app, DeaggregateOptions* options) {
  app->add_option("--output,-o", options->out,
                  "File to write, or - for standard output; it gets its name "
                  "when it is complete")
      ->type_name("OUT")
      ->capture_default_str()
      ->group("Output");
  AddChoice(app, "--format", &options->format,
            {{"ndjson", OutputFormat::kNdjson},
             {"lines", OutputFormat::kLines},
             {"delimited", OutputFormat::kDelimited},
             {"null", OutputFormat::kNull}},
            "ndjson: an object a line with keys and data; lines: data and a "
            "line feed; delimited: data behind its length as a varint; null: "
            "nothing")
      ->group("Output");
  options->data_encoding_option =
      AddChoice(
          app, "--data-encoding", &options->data_encoding,
          {{"base64", DataEncoding::kBase64},
           {"text", DataEncoding::kText},
           {"json", DataEncoding::kJson}},
          "How data stands in ndjson; what is not text or JSON stays base64")
          ->group("Output");
  app->add_flag("--metadata", options->metadata,
                "With ndjson, also the record's encryption type, outer "
                "partition key, stream, source and offset")
      ->group("Output");
}

void AddSuspectOptions(CLI::App* app, DeaggregateOptions* options) {
  options->on_suspect_option =
      AddChoice(
          app, "--on-suspect", &options->on_suspect,
          {{"quarantine", SuspectPolicy::kQuarantine},
           {"pass", SuspectPolicy::kPass},
           {"skip", SuspectPolicy::kSkip},
           {"fail", SuspectPolicy::kFail}},
          "Records that do not verify, and bytes that are no record: write "
          "them to a side file, pass them on whole as one user record each, "
          "only count them, or stop at the first")
          ->group("Suspects");
  app->add_option("--quarantine", options->quarantine,
                  "The side file; without it OUT.quarantine.ndjson, or a new "
                  "thresh.quarantine.ndjson when OUT is no file; with --format "
                  "null and no -o only if asked for")
      ->type_name("FILE")
      ->group("Suspects");
}

// The quarantine's path, or empty for a run that writes none.
std::string QuarantinePath(const DeaggregateOptions& options) {
  if (options.on_suspect != SuspectPolicy::kQuarantine) return {};
  if (!options.quarantine.empty()) return options.quarantine;
  const bool only_counts = options.format == OutputFormat::kNull &&
                           options.out == "-" &&
                           options.on_suspect_option->empty();
  return only_counts ? "" : DefaultQuarantine(options.out);
}

// Prints the JSON summary where the records do not go.
ExitStatus PrintJson(const DeaggregateOptions& options, const Json& json,
                     ExitStatus status) {
  const std::string line = ToLine(json);
  if (options.out == "-") {
    static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
    return status;
  }
  PrintOutput(line);
  const Result<void> flushed = FlushOutput();
  return flushed ? status : ReportError(flushed.error());
}

ExitStatus EndEarly(const DeaggregateOptions& options, const Error& error,
                    const Summary& so_far) {
  const ExitStatus status = ReportError(error);
  if (options.summary.format == SummaryFormat::kText) return status;
  return PrintJson(options, SummaryJson({so_far, {error}}), status);
}

ExitStatus EndWithReport(const DeaggregateOptions& options,
                         const Report& report, const std::string& quarantine) {
  ReportMissingMetadata(report.summary);
  const ExitStatus status = ReportOutcome(report);
  const bool any_suspects = report.summary.suspects() > 0;
  if (options.summary.format == SummaryFormat::kJson) {
    Json json = SummaryJson(report);
    if (any_suspects && !quarantine.empty()) {
      SetText(&json, "quarantine", quarantine);
    }
    return PrintJson(options, json, status);
  }
  if (!options.summary.quiet) {
    const std::string text =
        SummaryText(report.summary, any_suspects ? quarantine : "");
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  }
  return status;
}

// The sink for suspects; null if `path` is empty.
Result<std::unique_ptr<Sink>> OpenSideFile(
    const DeaggregateOptions& options, const std::string& path,
    const std::vector<std::string>& inputs) {
  if (path.empty()) return nullptr;
  // Only a name that nobody else would give a file is taken to be an earlier
  // run's.
  const bool is_derived = path == options.out + std::string(kQuarantineSuffix);
  Result<std::unique_ptr<Sink>> sink = OpenQuarantine(
      path, inputs,
      is_derived ? StaleQuarantine::kRemove : StaleQuarantine::kKeep);
  if (!sink) {
    sink.error().remedy =
        "say with --quarantine where suspects go, or with --on-suspect what "
        "else becomes of them";
  }
  return sink;
}

// `so_far` is what was counted, should the run end early.
Result<Report> Run(const DeaggregateOptions& options,
                   const std::vector<std::string>& inputs, const Filter& filter,
                   const std::string& quarantine_path, Summary* so_far) {
  Result<std::unique_ptr<Sink>> sink =
      OpenSink(options.out, options.format,
               {.data_encoding = options.data_encoding,
                .metadata = options.metadata,
                .sources = inputs});
  if (!sink) return tl::unexpected(sink.error());
  const Result<std::unique_ptr<Sink>> quarantine =
      OpenSideFile(options, quarantine_path, inputs);
  if (!quarantine) return tl::unexpected(quarantine.error());
  Options reading = ReadingOptions(options.input);
  reading.on_suspect = options.on_suspect;
  reading.content_digest = options.summary.content_digest;
  reading.filter = filter;
  if (quarantine_path.empty() &&
      options.on_suspect == SuspectPolicy::kQuarantine) {
    reading.on_suspect = SuspectPolicy::kSkip;
  }
  const bool records_on_terminal = options.out == "-" &&
                                   options.format != OutputFormat::kNull &&
                                   isatty(STDOUT_FILENO) == 1;
  ProgressBar bar(!options.summary.quiet && !records_on_terminal);
  reading.progress_total = bar.shown();
  reading.progress = [&bar, so_far](const Progress& progress) {
    bar.Update(StateOf(progress));
    *so_far = progress.so_far;
  };
  return Deaggregate(inputs, reading, sink->get(), quarantine->get());
}

// What of the options does not go together, if anything.
std::optional<std::string> FindContradiction(
    const DeaggregateOptions& options) {
  if (!options.quarantine.empty() &&
      options.on_suspect != SuspectPolicy::kQuarantine) {
    return "--quarantine needs --on-suspect quarantine, the default";
  }
  if (options.format != OutputFormat::kNdjson &&
      !options.data_encoding_option->empty()) {
    return "--data-encoding is for --format ndjson";
  }
  if (options.format != OutputFormat::kNdjson && options.metadata) {
    return "--metadata is for --format ndjson";
  }
  return FindContradiction(options.filter);
}

ExitStatus RunDeaggregate(DeaggregateOptions& options) {
  if (IsStandardOutput(options.out)) options.out = "-";
  if (const auto contradiction = FindContradiction(options)) {
    return ReportUsageError(kName, *contradiction);
  }
  const Result<Filter> filter = FilterOf(options.filter);
  if (!filter) return EndEarly(options, filter.error(), {});
  const Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs) return EndEarly(options, inputs.error(), {});
  const std::string quarantine = QuarantinePath(options);
  if (const auto conflict =
          FindOutputConflict(options.out, quarantine, inputs->names)) {
    return ReportUsageError(kName, *conflict);
  }
  Summary so_far;
  Result<Report> report =
      Run(options, inputs->names, *filter, quarantine, &so_far);
  if (!report) return EndEarly(options, report.error(), so_far);
  report->input_errors.insert(report->input_errors.begin(),
                              inputs->errors.begin(), inputs->errors.end());
  return EndWithReport(options, *report, quarantine);
}

}  // namespace

Command AddDeaggregateCommand(CLI::App* program) {
  const auto options = std::make_shared<DeaggregateOptions>();
  CLI::App* app = program->add_subcommand(
      kName, "Take archives apart and write their user records");
  AddInputOptions(app, &options->input);
  AddOutputOptions(app, options.get());
  AddFilterOptions(app, &options->filter);
  AddFilterLimit(app, &options->filter);
  AddSuspectOptions(app, options.get());
  AddSummaryOptions(app, &options->summary,
                    "standard error if OUT is -, else to standard output");
  app->footer(kFooter);
  return {app, [options] { return RunDeaggregate(*options); }};
}

}  // namespace thresh::cli
