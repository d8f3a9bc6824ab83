// `thresh replay`: reads archives and sends their records to a stream.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "cli/commands/command.h"
#include "cli/commands/replay_target.h"
#include "cli/options/output_files.h"
#include "cli/options/replay_options.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/replay_report.h"
#include "cli/report/text_output.h"
#include "kinesis/archive_source.h"
#include "kinesis/checkpoint.h"
#include "kinesis/document_source.h"
#include "kinesis/sender.h"
#include "kinesis/service.h"

namespace thresh::cli {
namespace {

using kinesis::Checkpoint;

constexpr char kReplayName[] = "replay";
constexpr char kReplayFooter[] =
    R"(Credentials are read from the environment variables or ~/.aws/credentials, as by
the AWS CLI. A record is sent at least once: twice if a reply was lost, or the
program was killed before it received one. Ctrl-C ends the run after the current
request.

Examples:
  thresh replay archive/ --stream clicks --region eu-west-1 --dry-run
  thresh replay archive/ --stream clicks --checkpoint clicks.checkpoint
      After a failure, the same command continues where it stopped.
  thresh replay day/ --stream clicks --since 2025-06-15T00:00:00Z --rate 0.5
      From that day on, at half of the shards' limits.
  thresh replay --requests requests.jsonl --stream clicks
  thresh replay day.gz --stream test --endpoint http://localhost:4567

Exit status: 0 all was sent, 1 finished, but suspects or unsendable records
were left out, 2 wrong usage, 3 not all was sent, or an input failed.)";

// Reads the inputs, sends their records and keeps the progress.
class Replay {
 public:
  Replay(const ReplayOptions& options, InputList inputs,
         std::vector<Error> input_errors, Filter filter)
      : options_(options),
        inputs_(std::move(inputs)),
        input_errors_(std::move(input_errors)),
        filter_(std::move(filter)) {}

  ExitStatus Run() {
    const Result<void> done = Prepare();
    const Result<kinesis::SendEnd> end =
        done ? Send() : tl::unexpected(done.error());
    return PrintEnd(end);
  }

 private:
  // Finds the target and the position to continue from, and opens the source.
  Result<void> Prepare() {
    Result<ReplayTarget> target = FindTarget(options_, &clock_);
    if (!target) return tl::unexpected(target.error());
    target_ = std::move(*target);
    checkpoint_.done.resize(target_.shards.size());
    if (!options_.checkpoint.empty()) {
      if (Result<void> loaded = LoadProgress(); !loaded) return loaded;
    }
    return OpenSource();
  }

  Result<void> LoadProgress() {
    if (!options_.dry_run) {
      auto lock = kinesis::CheckpointLock::Take(options_.checkpoint);
      if (!lock) return tl::unexpected(lock.error());
      lock_ = std::move(*lock);
    }
    Result<std::string> identity = kinesis::IdentifyInputs(inputs_.Files());
    if (!identity) return tl::unexpected(identity.error());
    // Streams in several regions may have the same name.
    checkpoint_.run = {
        .stream = target_.stream.text + " at " + target_.endpoint,
        .inputs = std::move(*identity),
        .options = IdentityOf(options_, filter_),
        .shards = target_.shards};
    Result<std::optional<Checkpoint>> saved =
        kinesis::LoadCheckpoint(options_.checkpoint);
    if (!saved) return tl::unexpected(saved.error());
    if (!*saved) return SaveProgress();
    std::string& saved_options = (*saved)->run.options;
    if (MayContinueFrom(saved_options, options_, filter_)) {
      saved_options = checkpoint_.run.options;
    }
    if (Result<void> same = kinesis::CheckSameRun(
            (*saved)->run, checkpoint_.run, options_.checkpoint);
        !same) {
      return same;
    }
    checkpoint_.done = std::move((*saved)->done);
    return {};
  }

  // Also called before the first request, so that a file that cannot be written
  // is reported then.
  Result<void> SaveProgress() {
    if (options_.checkpoint.empty() || options_.dry_run) return {};
    return kinesis::SaveCheckpoint(checkpoint_, options_.checkpoint);
  }

  Result<void> OpenSource() {
    Options reading = ReadingOptions(options_.input);
    reading.progress = [this](const Progress& progress) { read_ = progress; };
    if (options_.requests) {
      Result<std::unique_ptr<kinesis::DocumentSource>> source =
          kinesis::DocumentSource::Open(
              inputs_, reading,
              {.limits = options_.limits,
               .on_unsendable = options_.on_unsendable},
              target_.shards, checkpoint_.done);
      if (!source) return tl::unexpected(source.error());
      source_ = std::move(*source);
      return {};
    }
    return OpenArchives(std::move(reading));
  }

  Result<void> OpenArchives(Options reading) {
    reading.on_suspect = options_.on_suspect;
    reading.content_checksum = options_.summary.content.checksum;
    reading.content_digest = options_.summary.content.digest;
    reading.filter = filter_;
    // Records wait to be sent long after they were verified: a file that
    // shrinks in the meantime must not be sent as zeros.
    reading.use_mmap = false;
    // More would only wait in memory: sending is slower than reading.
    reading.window_bytes = size_t{8} << 20;
    Result<std::unique_ptr<kinesis::ArchiveSource>> source =
        kinesis::ArchiveSource::Open(
            inputs_, reading,
            {.aggregate = options_.packing == Packing::kShards,
             .blob_bytes = options_.blob_bytes,
             .limits = options_.limits,
             .default_partition_key = options_.default_partition_key,
             .on_unsendable = options_.on_unsendable,
             .numbers_must_last = !options_.checkpoint.empty()},
            target_.shards, checkpoint_.done);
    if (!source) return tl::unexpected(source.error());
    archive_ = source->get();
    source_ = std::move(*source);
    return {};
  }

  Result<kinesis::SendEnd> Send() {
    kinesis::ServicePutter service(target_.transport.get());
    kinesis::DryPutter nowhere;
    kinesis::VirtualClock dry_clock(&clock_);
    kinesis::Putter* putter = &service;
    kinesis::Clock* clock = &clock_;
    if (options_.dry_run) {
      putter = &nowhere;
      clock = &dry_clock;
    }
    kinesis::SendOptions options = {.limits = options_.limits,
                                    .rate = options_.rate,
                                    .attempts = options_.attempts,
                                    .shard_names = {},
                                    .seed = std::random_device()()};
    if (!options_.requests && options_.packing == Packing::kShards) {
      for (const HashKeyRange& shard : target_.shards) {
        options.shard_names.push_back(shard.name);
      }
    }
    kinesis::Sender sender(target_.stream, options, checkpoint_.done,
                           source_.get(), putter, clock);
    ProgressBar bar(!options_.summary.quiet);
    kinesis::SendEvents events;
    events.progress = [this, &bar](const kinesis::SendReport& sent) {
      bar.Update({.done = read_.so_far.stored_bytes,
                  .total = read_.stored_bytes_total,
                  .bytes = sent.bytes,
                  .records = sent.user_records});
    };
    events.failed = [this, &bar](const Error& why, kinesis::Time pause) {
      if (options_.summary.quiet) return;
      bar.Clear();
      ReportNote(AgainText(why, pause));
    };
    events.acknowledged = [this](const auto& done) {
      checkpoint_.done = done;
      return SaveProgress();
    };
    Result<kinesis::SendEnd> end = sender.Run(events);
    sent_ = sender.report();
    if (end && *end == kinesis::SendEnd::kAllSent) {
      checkpoint_.complete = true;
      if (Result<void> saved = SaveProgress(); !saved) {
        return tl::unexpected(saved.error());
      }
    }
    return end;
  }

  ExitStatus PrintEnd(const Result<kinesis::SendEnd>& end) {
    Report report;
    if (archive_ != nullptr) report = archive_->report();
    report.input_errors.insert(report.input_errors.begin(),
                               input_errors_.begin(), input_errors_.end());
    ReportMissingMetadata(report.summary);
    ExitStatus status = ReportOutcome(report);
    const bool all_sent = end && *end == kinesis::SendEnd::kAllSent;
    if (!end) {
      status = ReportError(end.error());
    } else if (!all_sent) {
      ReportNote("interrupted: not all was sent");
      status = ExitStatus::kFailed;
    }
    ReplayOutcome outcome{.sent = sent_,
                          .counts = {},
                          .all_sent = all_sent,
                          .complete = all_sent && report.input_errors.empty(),
                          .dry_run = options_.dry_run,
                          .documents = options_.requests};
    if (source_ != nullptr) outcome.counts = source_->counts();
    if (status == ExitStatus::kClean && outcome.counts.unsendable > 0) {
      status = ExitStatus::kSuspects;
    }
    return Print(outcome, end, &report, status);
  }

  ExitStatus Print(const ReplayOutcome& outcome,
                   const Result<kinesis::SendEnd>& end, Report* report,
                   ExitStatus status) const {
    if (options_.summary.format == SummaryFormat::kJson) {
      if (!end) report->input_errors.push_back(end.error());
      Json json = SummaryJson(*report);
      json["replay"] = ReplayJson(outcome);
      PrintOutput(ToLine(json));
      const Result<void> flushed = FlushOutput();
      return flushed ? status : ReportError(flushed.error());
    }
    // A run that never began reports only the reason.
    if (options_.summary.quiet || source_ == nullptr) return status;
    std::string text = ReplayText(outcome);
    if (archive_ != nullptr) text += SummaryText(report->summary, "");
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
    return status;
  }

  const ReplayOptions& options_;
  InputList inputs_;
  std::vector<Error> input_errors_;
  Filter filter_;
  kinesis::SystemClock clock_;
  ReplayTarget target_;
  std::unique_ptr<kinesis::CheckpointLock> lock_;
  Checkpoint checkpoint_;
  Progress read_;
  std::unique_ptr<kinesis::RecordSource> source_;
  const kinesis::ArchiveSource* archive_ = nullptr;  // source_ or null
  kinesis::SendReport sent_;
};

ExitStatus RunReplay(const ReplayOptions& options) {
  if (const auto contradiction = FindContradiction(options)) {
    return ReportUsageError(kReplayName, *contradiction);
  }
  const Result<Filter> filter = FilterOf(options.filter);
  if (!filter) return ReportError(filter.error());
  Result<Inputs> inputs = FindInputs(options.input);
  if (!inputs) return ReportError(inputs.error());
  if (!options.checkpoint.empty()) {
    if (const auto conflict =
            FindOutputConflict(options.checkpoint, "", inputs->list.Files())) {
      return ReportUsageError(kReplayName, *conflict);
    }
  }
  return Replay(options, std::move(inputs->list), std::move(inputs->errors),
                *filter)
      .Run();
}

}  // namespace

Command AddReplayCommand(CLI::App* program) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App* app = program->add_subcommand(
      kReplayName, "Send the records of archives to a stream");
  AddReplayOptions(app, options.get());
  app->footer(kReplayFooter);
  return {app, [options] { return RunReplay(*options); }};
}

}  // namespace thresh::cli
