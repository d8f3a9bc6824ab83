// `thresh aggregate`: reads user records from archives or lines and writes
// aggregated records.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/printable.h"
#include "cli/commands/command.h"
#include "cli/options/aggregate_options.h"
#include "cli/options/output_files.h"
#include "cli/options/packing_options.h"
#include "cli/options/shard_map.h"
#include "cli/report/aggregate_report.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/units.h"
#include "cli/run_end.h"
#include "thresh/aggregate.h"
#include "thresh/byte_output.h"
#include "thresh/record_writer.h"
#include "thresh/shard_aggregator.h"
#include "thresh/sinks.h"

namespace thresh::cli {
namespace {

constexpr char kAggregateName[] = "aggregate";
constexpr char kAggregateFooter[] =
    R"(SIZE is a number of bytes, with or without a unit: 1000, 50KiB, 1MiB, 2MB.

Examples:
  thresh aggregate archive/ -o packed.blobs
      The user records of archives, in aggregated records of up to 1 MiB.
  thresh deaggregate day.gz | jq -c 'select(.aggregated)' |
      thresh aggregate --from ndjson - -o day.blobs
      De-aggregate, filter with another program, and aggregate again.
  thresh aggregate --from lines --key-pointer /user/id logs/ \
      --container get-records-json --blob-size 50KiB -o logs.json
      Lines of JSON, each with the partition key that it contains.
  aws kinesis list-shards --stream-name s > shards.json
  thresh aggregate archive/ --shard-map shards.json \
      --container lambda-json -o by-shard.json
      No aggregated record with records of different shards.
  thresh aggregate archive/ --format put-records --stream s -o requests.jsonl
      Requests for aws kinesis put-records, one per line.

Exit status: 0 all valid, 1 finished, but with suspects or with records left
out, 2 wrong usage, 3 an input or the output failed, or a record cannot be
packed.)";

// --container is the container of the output here. With automatic detection the
// input may be lines, which the engine does not know.
InputAdvice AdviceFor(const AggregateOptions& options) {
  return {.container_option = "--from",
          .reads_lines = options.from == SourceFormat()};
}

// Prints what is wrong with the first bad lines, which a quarantine does not
// record.
class LineProblemTeller {
 public:
  explicit LineProblemTeller(ProgressBar* bar) : bar_(bar) {}

  void operator()(const LineProblem& bad) {
    constexpr int kMaxShown = 10;
    if (shown_ > kMaxShown) return;
    bar_->Clear();
    if (++shown_ > kMaxShown)
      return ReportNote("more such lines are not listed");
    ReportNote(fmt::format("{}: offset {}: line {}: {}", Printable(bad.file),
                           bad.offset, bad.line, bad.problem));
  }

 private:
  ProgressBar* bar_;
  int shown_ = 0;
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

// Packs what the library finds in the inputs. `so_far` holds the counts of a
// run that ends early.
Result<AggregateReport> Pack(const AggregateOptions& options,
                             const Inputs& found, const Filter& filter,
                             const std::string& quarantine_path,
                             Summary* so_far) {
  Result<std::vector<HashKeyRange>> shards = ShardsOf(options);
  if (!shards) return tl::unexpected(std::move(shards.error()));
  const Result<std::unique_ptr<ByteOutput>> file = OpenOutput(
      options.out,
      OutputOptionsOf(options.publish, options.out, quarantine_path));
  if (!file) return tl::unexpected(file.error());
  const Result<std::unique_ptr<Sink>> quarantine =
      OpenSideFile(quarantine_path, options.out, options.publish, found.list);
  if (!quarantine) return tl::unexpected(quarantine.error());
  Result<std::unique_ptr<RecordWriter>> writer = WriterFor(options);
  if (!writer) return tl::unexpected(std::move(writer.error()));
  thresh::AggregateOptions library =
      LibraryOptions(options, (*writer)->plain());
  library.shards = *std::move(shards);
  library.reading.filter = filter;
  library.reading.lacks_inputs = !found.errors.empty();
  const bool terminal = options.out == "-" && isatty(STDOUT_FILENO) == 1;
  ProgressBar bar(!options.summary.quiet && !terminal);
  library.reading.progress = [&bar, so_far](const Progress& progress) {
    bar.Update(StateOf(progress));
    *so_far = progress.so_far;
  };
  library.on_line_problem = LineProblemTeller(&bar);
  return Aggregate(found.list, library, *std::move(writer), file->get(),
                   quarantine->get());
}

ExitStatus RunAggregate(const CLI::App& app, AggregateOptions& options) {
  if (IsStandardOutput(options.out)) options.out = "-";
  if (const auto contradiction = FindContradiction(app, options)) {
    return ReportUsageError(kAggregateName, *contradiction);
  }
  const InputAdvice advice = AdviceFor(options);
  const auto end_early = [&](const Error& error, const Summary& so_far) {
    return EndEarly(options.out, options.summary, error, so_far, advice);
  };
  if (const Result<void> ok =
          CheckAggregateOptions(LibraryOptions(options, {}));
      !ok) {
    return end_early(ok.error(), {});
  }
  const Result<Filter> filter = FilterOf(options.filter);
  if (!filter) return end_early(filter.error(), {});
  const Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs) return end_early(inputs.error(), {});
  const std::string quarantine = QuarantinePath(options.suspects, options.out);
  std::vector<std::string> read = inputs->list.Files();
  if (!options.shard_map.empty()) read.push_back(options.shard_map);
  if (const auto conflict = FindOutputConflict(options.out, quarantine, read)) {
    return ReportUsageError(kAggregateName, *conflict);
  }
  Summary so_far;
  Result<AggregateReport> packed =
      Pack(options, *inputs, *filter, quarantine, &so_far);
  if (!packed) return end_early(packed.error(), so_far);
  Report* const report = &packed->read;
  report->input_errors.insert(report->input_errors.begin(),
                              inputs->errors.begin(), inputs->errors.end());
  return EndWithReport(options.out, options.summary, *report, quarantine,
                       AdditionOf(*packed), advice);
}

}  // namespace

Command AddAggregateCommand(CLI::App* program) {
  const auto options = std::make_shared<AggregateOptions>();
  CLI::App* app = program->add_subcommand(
      kAggregateName, "Pack user records into aggregated records");
  AddAggregateOptions(app, options.get());
  app->footer(kAggregateFooter);
  return {app, [app, options] { return RunAggregate(*app, *options); }};
}

}  // namespace thresh::cli
