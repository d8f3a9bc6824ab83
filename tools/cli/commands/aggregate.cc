// `thresh aggregate`: the way back. User records of archives or lines in,
// aggregated records out.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "archive/record_writer.h"
#include "base/printable.h"
#include "cli/aggregate_sink.h"
#include "cli/blob_packer.h"
#include "cli/commands/command.h"
#include "cli/options/aggregate_options.h"
#include "cli/options/output_files.h"
#include "cli/options/shard_map.h"
#include "cli/report/aggregate_report.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/units.h"
#include "cli/run_end.h"
#include "cli/text_run.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh::cli {
namespace {

constexpr char kAggregateName[] = "aggregate";
constexpr char kAggregateFooter[] =
    R"(SIZE is a number of bytes, with or without a unit: 1000, 50KiB, 1MiB, 2MB.

Examples:
  thresh aggregate archive/ -o packed.blobs
      The user records of archives in aggregated records of up to 1 MiB.
  thresh deaggregate day.gz | jq -c 'select(.aggregated)' |
      thresh aggregate --from ndjson - -o day.blobs
      Apart, through another program, and back together.
  thresh aggregate --from lines --key-pointer /user/id logs/ \
      --container get-records-json --blob-size 50KiB -o logs.json
      Lines of JSON, each under the key that stands in it.
  aws kinesis list-shards --stream-name s > shards.json
  thresh aggregate archive/ --shard-map shards.json \
      --container lambda-json -o by-shard.json
      No aggregated record with records of different shards.
  thresh aggregate archive/ --format put-records --stream s -o requests.jsonl
      Requests for aws kinesis put-records, one a line.

Exit status: 0 all sound, 1 finished, but with suspects or with records left
out, 2 wrong usage, 3 an input or the output failed, or a record cannot be
packed.)";

// Remedies of the engine name the option by which other commands are told the
// container of their input. Here it is that of the output, which TooLargeRemedy
// speaks of.
void NameOwnOption(Error* error) {
  if (error->code == ErrorCode::kTooLarge) return;
  constexpr std::string_view kTheirs = "--container";
  for (std::string* text : {&error->message, &error->remedy}) {
    const size_t at = text->find(kTheirs);
    if (at != std::string::npos) text->replace(at, kTheirs.size(), "--from");
  }
}

// An input that is no archive may be lines, of which the engine knows nothing.
void NameLines(const AggregateOptions& options, Error* error) {
  if (error->code == ErrorCode::kContainer && error->offset == 0 &&
      options.from == SourceFormat()) {
    error->remedy += "; lines are read with --from ndjson or lines";
  }
}

// Says of the first bad lines what is wrong with them, which a quarantine does
// not.
class BadLineTeller {
 public:
  explicit BadLineTeller(ProgressBar* bar) : bar_(bar) {}

  void operator()(const BadLine& bad) {
    constexpr int kMost = 10;
    if (told_ > kMost) return;
    bar_->Clear();
    if (++told_ > kMost) return ReportNote("and more lines like these");
    ReportNote(fmt::format("{}: offset {}: line {}: {}", Printable(bad.file),
                           bad.offset, bad.line, bad.problem));
  }

 private:
  ProgressBar* bar_;
  int told_ = 0;
};

Result<std::vector<HashKeyRange>> ShardsOf(const AggregateOptions& options) {
  if (options.shard_map.empty()) return std::vector<HashKeyRange>();
  Result<std::vector<HashKeyRange>> shards = ReadShardMap(options.shard_map);
  if (!shards) return shards;
  if (Result<void> ok = CheckShards(*shards); !ok) {
    ok.error().code = ErrorCode::kContainer;
    ok.error().file = options.shard_map;
    return tl::unexpected(std::move(ok.error()));
  }
  return shards;
}

std::string TooLargeRemedy(const AggregateOptions& options,
                           const archive::PlainSupport& plain) {
  std::string remedy = "allow larger blobs with --blob-size, up to 10MiB";
  if (options.format == TargetFormat::kPutRecords) {
    remedy += ", and --max-record-size";
  }
  if (options.large_plain) {
    return remedy +
           "; it cannot be written as it is, for it has more than Kinesis "
           "takes, a key that cannot be kept, or looks like an aggregate";
  }
  remedy += ", or have it written as it is with --too-large plain";
  if (plain.data) return remedy;
  return remedy +
         " and a --container that can hold such a record, which blobs cannot";
}

Result<Report> ReadInputs(const AggregateOptions& options,
                          const InputList& inputs, const Options& reading,
                          LineParser* parser, ProgressBar* bar, Sink* sink,
                          Sink* quarantine) {
  if (parser == nullptr) return Deaggregate(inputs, reading, sink, quarantine);
  const TextRun run = {.inputs = inputs,
                       .options = reading,
                       .keys_needed = !options.default_key,
                       .tell = BadLineTeller(bar)};
  return ReadText(run, parser, sink, quarantine);
}

// Packs what `parser`, if there is one, or the engine finds in the inputs.
Result<Report> Pack(const AggregateOptions& options, const Inputs& found,
                    const Filter& filter, LineParser* parser,
                    const std::string& quarantine_path, AggregateRun* run) {
  const InputList& inputs = found.list;
  Result<std::vector<HashKeyRange>> shards = ShardsOf(options);
  if (!shards) return tl::unexpected(std::move(shards.error()));
  const Result<std::unique_ptr<ByteOutput>> file = OpenOutput(
      options.out,
      OutputOptionsOf(options.publish, options.out, quarantine_path));
  if (!file) return tl::unexpected(file.error());
  const Result<std::unique_ptr<Sink>> quarantine =
      OpenSideFile(quarantine_path, options.out, options.publish, inputs);
  if (!quarantine) return tl::unexpected(quarantine.error());
  std::unique_ptr<archive::RecordWriter> writer = WriterFor(options);
  const archive::PlainSupport plain = writer->plain();
  const AggregatorOptions limits = LimitsOf(options);
  const Result<std::unique_ptr<BlobPacker>> packer =
      BlobPacker::Create(limits, *std::move(shards), std::move(writer),
                         file->get(), options.input.jobs != 1);
  if (!packer) return tl::unexpected(packer.error());
  AggregateSink sink(
      {.inputs = inputs,
       .default_key = options.default_key,
       .limits = limits,
       .large_plain = options.large_plain,
       .plain = plain,
       .on_unsendable = options.format == TargetFormat::kPutRecords
                            ? std::optional(options.on_unsendable)
                            : std::nullopt,
       .too_large_remedy = TooLargeRemedy(options, plain),
       .content = options.summary.content},
      packer->get());
  Options reading = ReadingOptions(options.input);
  reading.container = options.from.container;
  reading.on_suspect = options.suspects.on_suspect;
  reading.filter = filter;
  reading.lacks_inputs = !found.errors.empty();
  reading.keep_going = options.publish.keep_going;
  const bool terminal = options.out == "-" && isatty(STDOUT_FILENO) == 1;
  ProgressBar bar(!options.summary.quiet && !terminal);
  reading.progress = [&bar, run](const Progress& progress) {
    bar.Update(StateOf(progress));
    run->so_far = progress.so_far;
  };
  Result<Report> report = ReadInputs(options, inputs, reading, parser, &bar,
                                     &sink, quarantine->get());
  run->packed = (*packer)->packed();
  run->lost_keys = sink.lost_keys();
  run->unsendable = sink.unsendable();
  if (report) {
    report->summary.content_checksum = sink.content_checksum();
    report->summary.content_digest = sink.content_digest();
  }
  return report;
}

ExitStatus RunAggregate(const CLI::App& app, AggregateOptions& options) {
  if (IsStandardOutput(options.out)) options.out = "-";
  if (const auto contradiction = FindContradiction(app, options)) {
    return ReportUsageError(kAggregateName, *contradiction);
  }
  const auto end_early = [&options](Error error, const Summary& so_far) {
    NameOwnOption(&error);
    return EndEarly(options.out, options.summary, error, so_far);
  };
  const Result<std::unique_ptr<LineParser>> parser = ParserFor(options);
  if (!parser) return end_early(parser.error(), {});
  const Result<Filter> filter = FilterOf(options.filter);
  if (!filter) return end_early(filter.error(), {});
  const Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs) return end_early(inputs.error(), {});
  const std::string quarantine = QuarantinePath(options.suspects, options.out);
  std::vector<std::string> read = inputs->list.files();
  if (!options.shard_map.empty()) read.push_back(options.shard_map);
  if (const auto conflict = FindOutputConflict(options.out, quarantine, read)) {
    return ReportUsageError(kAggregateName, *conflict);
  }
  AggregateRun run;
  Result<Report> report =
      Pack(options, *inputs, *filter, parser->get(), quarantine, &run);
  if (!report) return end_early(report.error(), run.so_far);
  for (Error& error : report->input_errors) {
    NameLines(options, &error);
    NameOwnOption(&error);
  }
  report->input_errors.insert(report->input_errors.begin(),
                              inputs->errors.begin(), inputs->errors.end());
  return EndWithReport(options.out, options.summary, *report, quarantine,
                       AdditionOf(run));
}

}  // namespace

Command AddAggregateCommand(CLI::App* program) {
  const auto options = std::make_shared<AggregateOptions>();
  CLI::App* app = program->add_subcommand(
      kAggregateName,
      "Pack user records into aggregated records, the way back");
  AddAggregateOptions(app, options.get());
  app->footer(kAggregateFooter);
  return {app, [app, options] { return RunAggregate(*app, *options); }};
}

}  // namespace thresh::cli
