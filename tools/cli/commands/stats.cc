// `thresh stats`: statistics of an archive, as text, JSON and an HTML page.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/printable.h"
#include "cli/commands/command.h"
#include "cli/options/count.h"
#include "cli/options/input_options.h"
#include "cli/options/output_files.h"
#include "cli/options/publish_options.h"
#include "cli/options/shard_map.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/stats_html.h"
#include "cli/report/stats_json.h"
#include "cli/report/stats_text.h"
#include "cli/report/text_output.h"
#include "thresh/byte_output.h"
#include "thresh/deaggregate.h"
#include "thresh/stats.h"

namespace thresh::cli {
namespace {

constexpr char kStatsName[] = "stats";
constexpr uint64_t kDefaultShards = 16;
constexpr uint64_t kMaxShards = 20'000;
constexpr uint64_t kMaxTop = 10'000;
constexpr char kStatsFooter[] =
    R"(All values are exact except quantiles, and counts of keys if there are more than
65,536 different ones; these are printed with their maximum error.

Examples:
  thresh stats archive/
  thresh stats archive/ --html stats.html --top 50
  aws kinesis list-shards --stream-name s > shards.json
  thresh stats archive/ --shard-map shards.json --json | jq .hash_keys.shards

Exit status: 0 all valid, 1 finished with suspects, 2 wrong usage,
3 an input or the output failed.)";

struct StatsCommandOptions {
  InputOptions input;
  bool json = false;
  std::string html;
  uint64_t top = 10;
  uint64_t shards = kDefaultShards;
  std::string shard_map;
  PublishOptions publish;
  bool quiet = false;
};

Error WrongNumber(const std::string& option, uint64_t most) {
  return Error{.code = ErrorCode::kInvalidArgument,
               .file = {},
               .offset = std::nullopt,
               .message = option + " must be 1 to " + std::to_string(most),
               .remedy = {}};
}

Result<std::vector<HashKeyRange>> FindShards(
    const StatsCommandOptions& options) {
  if (!options.shard_map.empty()) return ReadShardMap(options.shard_map);
  if (options.shards == 0 || options.shards > kMaxShards) {
    return tl::unexpected(WrongNumber("--shards", kMaxShards));
  }
  return EqualRanges(static_cast<uint32_t>(options.shards));
}

Result<std::unique_ptr<StatsSink>> OpenSinkFor(
    const StatsCommandOptions& options) {
  if (options.top == 0 || options.top > kMaxTop) {
    return tl::unexpected(WrongNumber("--top", kMaxTop));
  }
  Result<std::vector<HashKeyRange>> shards = FindShards(options);
  if (!shards) return tl::unexpected(std::move(shards.error()));
  return OpenStats({.shards = *std::move(shards), .top_keys = options.top});
}

std::string ShardsFrom(const StatsCommandOptions& options,
                       const ArchiveStats& stats) {
  const size_t shards = stats.shards.size();
  const std::string_view plural = shards == 1 ? "" : "s";
  if (options.shard_map.empty()) {
    return fmt::format("{} equal range{}", shards, plural);
  }
  return fmt::format("{} shard{} of {}", shards, plural,
                     Printable(options.shard_map));
}

// Returns the path of the incomplete page; empty if the page is complete.
Result<std::string> WriteHtml(const StatsCommandOptions& options,
                              const std::string& page, bool incomplete) {
  const Result<std::unique_ptr<ByteOutput>> file =
      OpenOutput(options.html, {.sync = !options.publish.no_sync});
  if (!file) return tl::unexpected(file.error());
  if (Result<void> written = (*file)->Write(AsBytes(page)); !written) {
    return tl::unexpected(std::move(written.error()));
  }
  if (incomplete) return (*file)->CommitIncomplete();
  return (*file)->Commit().map([] { return std::string(); });
}

// Prints the requested report to standard output and writes the page.
Result<void> Print(const StatsCommandOptions& options, StatsReport* found) {
  const StatsReport& report = *found;
  if (!options.html.empty()) {
    Result<std::string> incomplete =
        WriteHtml(options, StatsHtml(report), report.report.incomplete);
    if (!incomplete) return tl::unexpected(std::move(incomplete.error()));
    found->report.incomplete_file = *std::move(incomplete);
  }
  if (options.json) {
    PrintOutput(ToLine(StatsJson(report)));
  } else if (!IsStandardOutput(options.html)) {
    PrintOutput(StatsText(report));
  }
  return FlushOutput();
}

std::optional<std::string> FindConflict(const StatsCommandOptions& options,
                                        const Inputs& inputs) {
  if (options.html.empty()) return std::nullopt;
  if (options.json && IsStandardOutput(options.html)) {
    return "--json and --html - cannot both have standard output";
  }
  return FindOutputConflict(options.html, "", inputs.list.Files());
}

ExitStatus RunStats(const StatsCommandOptions& options) {
  const Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs) return ReportError(inputs.error());
  if (const auto conflict = FindConflict(options, *inputs)) {
    return ReportUsageError(kStatsName, *conflict);
  }
  const Result<std::unique_ptr<StatsSink>> sink = OpenSinkFor(options);
  if (!sink) return ReportError(sink.error());
  ProgressBar bar(!options.quiet);
  Options reading = ReadingOptions(options.input);
  reading.on_suspect = SuspectPolicy::kSkip;
  reading.lacks_inputs = !inputs->errors.empty();
  reading.keep_going = options.publish.keep_going;
  reading.progress_total = bar.shown();
  reading.progress = [&bar](const Progress& progress) {
    bar.Update(StateOf(progress));
  };
  Result<Report> report = Deaggregate(inputs->list, reading, sink->get());
  bar.Clear();
  if (!report) return ReportError(report.error());
  report->input_errors.insert(report->input_errors.begin(),
                              inputs->errors.begin(), inputs->errors.end());

  const ExitStatus status = ReportOutcome(*report);
  StatsReport found = {*std::move(report), (*sink)->Stats(), {}};
  found.shards_from = ShardsFrom(options, found.stats);
  const Result<void> printed = Print(options, &found);
  if (!found.report.incomplete_file.empty()) {
    ReportIncomplete(options.html, found.report);
  }
  return printed ? status : ReportError(printed.error());
}

}  // namespace

Command AddStatsCommand(CLI::App* program) {
  const auto options = std::make_shared<StatsCommandOptions>();
  CLI::App* app = program->add_subcommand(
      kStatsName,
      "Report sizes, keys, hash keys, times and what aggregation saves");
  AddInputOptions(app, &options->input);
  AddCount(app, "--top", &options->top, "Number of keys to list")
      ->default_str("10")
      ->type_name("K")
      ->group("Statistics");
  CLI::Option* const shards =
      AddCount(app, "--shards", &options->shards,
               "Count hash keys in this many equal ranges")
          ->default_str("16")
          ->group("Statistics");
  app->add_option("--shard-map", options->shard_map,
                  "Count hash keys by shard: output of 'aws kinesis "
                  "list-shards' or 'describe-stream'")
      ->type_name("FILE")
      ->excludes(shards)
      ->group("Statistics");
  app->add_flag("--json", options->json, "Print a JSON object instead of text")
      ->group("Output");
  app->add_option(
         "--html", options->html,
         "Also write a page with plots; - for standard output, instead of text")
      ->type_name("FILE")
      ->group("Output");
  AddPublishOptions(app, &options->publish);
  app->add_flag("--quiet,-q", options->quiet,
                "No progress bar; errors are still printed")
      ->group("Output");
  app->footer(kStatsFooter);
  return {app, [options] { return RunStats(*options); }};
}

}  // namespace thresh::cli
