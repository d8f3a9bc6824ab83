// `thresh deaggregate`: reads archives and writes user records.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

#include "cli/commands/command.h"
#include "cli/options/choice.h"
#include "cli/options/filter_options.h"
#include "cli/options/input_options.h"
#include "cli/options/output_files.h"
#include "cli/options/publish_options.h"
#include "cli/options/suspect_options.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/summary_printer.h"
#include "cli/run_end.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh::cli {
namespace {

constexpr char kDeaggregateName[] = "deaggregate";
constexpr char kDeaggregateFooter[] = R"(Examples:
  thresh deaggregate archive/ -o records.ndjson
      Every file below archive/, as one JSON object per line.
  aws s3 cp s3://bucket/key - | thresh deaggregate - | head
      The first records of an object, while it is still being read.
  thresh deaggregate 'day/*.gz' --format null
      Count and verify only.
  thresh deaggregate day.bin --container u32le --on-suspect fail -o day.ndjson
      Length-prefixed records; stop at the first damaged one.
  thresh deaggregate day/ --partition-key-glob 'user-*' --limit 10
      The first ten records of these keys.
  thresh deaggregate events/ --shard 3 --since 2025-06-15T00:00:00Z \
      --dedupe sequence
      One shard from that day on, each record once.

Exit status: 0 all valid, 1 finished with suspects, 2 wrong usage,
3 an input or the output failed.)";

struct DeaggregateOptions {
  InputOptions input;
  FilterOptions filter;
  SummaryOptions summary;
  std::string out = "-";
  OutputFormat format = OutputFormat::kNdjson;
  DataEncoding data_encoding = DataEncoding::kBase64;
  bool metadata = false;
  SuspectOptions suspects;
  PublishOptions publish;
  // To distinguish options that were given from defaults.
  CLI::Option* data_encoding_option = nullptr;
};

void AddOutputOptions(CLI::App* app, DeaggregateOptions* options) {
  app->add_option(
         "--output,-o", options->out,
         "File to write, or - for standard output; it appears under its name "
         "when it is complete. Through a symbolic link, its target is written")
      ->type_name("OUT")
      ->capture_default_str()
      ->group("Output");
  AddChoice(
      app, "--format", &options->format,
      {{"ndjson", OutputFormat::kNdjson},
       {"lines", OutputFormat::kLines},
       {"delimited", OutputFormat::kDelimited},
       {"null", OutputFormat::kNull}},
      "ndjson: a JSON object per line with keys and data; lines: data and a "
      "line feed; delimited: data after its length as a varint; null: nothing")
      ->group("Output");
  options->data_encoding_option =
      AddChoice(app, "--data-encoding", &options->data_encoding,
                {{"base64", DataEncoding::kBase64},
                 {"text", DataEncoding::kText},
                 {"json", DataEncoding::kJson}},
                "Encoding of data in ndjson; data that is not text or JSON "
                "stays base64")
          ->group("Output");
  app->add_flag("--metadata", options->metadata,
                "With ndjson, also write the record's encryption type, outer "
                "partition key, stream, source and offset")
      ->group("Output");
  AddPublishOptions(app, &options->publish);
}

// The quarantine's path, or empty if the run writes none.
std::string QuarantineOf(const DeaggregateOptions& options) {
  const bool only_counts = options.format == OutputFormat::kNull &&
                           options.out == "-" &&
                           options.suspects.quarantine.empty() &&
                           options.suspects.on_suspect_option->empty();
  return only_counts ? "" : QuarantinePath(options.suspects, options.out);
}

// `so_far` holds the counts of a run that ends early.
Result<Report> RunOnInputs(const DeaggregateOptions& options,
                           const Inputs& found, const Filter& filter,
                           const std::string& quarantine_path,
                           Summary* so_far) {
  const InputList& inputs = found.list;
  Result<std::unique_ptr<Sink>> sink =
      OpenSink(options.out, options.format,
               {.data_encoding = options.data_encoding,
                .metadata = options.metadata,
                .sources = inputs},
               OutputOptionsOf(options.publish, options.out, quarantine_path));
  if (!sink) return tl::unexpected(sink.error());
  const Result<std::unique_ptr<Sink>> quarantine =
      OpenSideFile(quarantine_path, options.out, options.publish, inputs);
  if (!quarantine) return tl::unexpected(quarantine.error());
  Options reading = ReadingOptions(options.input);
  reading.on_suspect = options.suspects.on_suspect;
  reading.content_checksum = options.summary.content.checksum;
  reading.content_digest = options.summary.content.digest;
  reading.filter = filter;
  reading.lacks_inputs = !found.errors.empty();
  reading.keep_going = options.publish.keep_going;
  if (quarantine_path.empty() &&
      options.suspects.on_suspect == SuspectPolicy::kQuarantine) {
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

// Returns a description of conflicting options, if there are any.
std::optional<std::string> FindContradiction(
    const DeaggregateOptions& options) {
  if (auto contradiction = FindContradiction(options.suspects)) {
    return contradiction;
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
    return ReportUsageError(kDeaggregateName, *contradiction);
  }
  const Result<Filter> filter = FilterOf(options.filter);
  if (!filter)
    return EndEarly(options.out, options.summary, filter.error(), {});
  const Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs)
    return EndEarly(options.out, options.summary, inputs.error(), {});
  const std::string quarantine = QuarantineOf(options);
  if (const auto conflict =
          FindOutputConflict(options.out, quarantine, inputs->list.Files())) {
    return ReportUsageError(kDeaggregateName, *conflict);
  }
  Summary so_far;
  Result<Report> report =
      RunOnInputs(options, *inputs, *filter, quarantine, &so_far);
  if (!report)
    return EndEarly(options.out, options.summary, report.error(), so_far);
  report->input_errors.insert(report->input_errors.begin(),
                              inputs->errors.begin(), inputs->errors.end());
  return EndWithReport(options.out, options.summary, *report, quarantine);
}

}  // namespace

Command AddDeaggregateCommand(CLI::App* program) {
  const auto options = std::make_shared<DeaggregateOptions>();
  CLI::App* app = program->add_subcommand(
      kDeaggregateName, "De-aggregate archives and write their user records");
  AddInputOptions(app, &options->input);
  AddOutputOptions(app, options.get());
  AddFilterOptions(app, &options->filter);
  AddFilterLimit(app, &options->filter);
  AddSuspectOptions(app, &options->suspects,
                    "; with --format null and no -o only if this is given");
  AddSummaryOptions(app, &options->summary,
                    "standard error if OUT is -, else to standard output");
  app->footer(kDeaggregateFooter);
  return {app, [options] { return RunDeaggregate(*options); }};
}

}  // namespace thresh::cli
