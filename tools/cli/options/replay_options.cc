// See replay_options.h.
#include "cli/options/replay_options.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <iterator>

#include "cli/options/choice.h"
#include "cli/options/count.h"
#include "kinesis/checkpoint.h"
#include "kinesis/unsendable.h"
#include "thresh/aggregator.h"
#include "thresh/kinesis_keys.h"

namespace thresh::cli {
namespace {

void AddServiceOptions(CLI::App* app, ReplayOptions* options) {
  constexpr const char* kGroup = "Service";
  app->add_option("--stream", options->stream, "Where the records go")
      ->required()
      ->type_name("NAME|ARN")
      ->group(kGroup);
  app->add_option("--region", options->region,
                  "Without it that of the ARN, or AWS_REGION")
      ->type_name("REGION")
      ->group(kGroup);
  app->add_option("--endpoint", options->endpoint,
                  "Without it that of AWS in the region")
      ->type_name("URL")
      ->group(kGroup);
  app->add_flag("--allow-http", options->allow_http,
                "Let an endpoint of http:// be another machine than this one: "
                "records and session token go there without encryption")
      ->group(kGroup);
  app->add_option("--profile", options->profile,
                  "Of ~/.aws/credentials; without it AWS_ACCESS_KEY_ID and so "
                  "on, or the profile AWS_PROFILE")
      ->type_name("NAME")
      ->group(kGroup);
  app->add_option("--shards", options->shards,
                  "What 'aws kinesis list-shards' printed; without it the "
                  "service is asked")
      ->type_name("FILE")
      ->group(kGroup);
  AddCount(app, "--timeout", &options->timeout_seconds,
           "For a request and its reply")
      ->type_name("SECONDS")
      ->default_str("60")
      ->group(kGroup);
}

void AddPackingOptions(CLI::App* app, ReplayOptions* options) {
  app->add_flag("--requests", options->requests,
                "INPUT holds documents of put-records requests, one a line; "
                "their records are sent as they are, all of them")
      ->group("Records");
  AddChoice(app, "--aggregate", &options->packing,
            {{"shards", Packing::kShards}, {"none", Packing::kNone}},
            "Pack user records into aggregates, each of one shard's; or send "
            "each by itself")
      ->group("Records");
  AddByteSize(app, "--blob-size", &options->blob_bytes,
              "Upper bound of an aggregate")
      ->default_str("256KiB")
      ->group("Records");
  AddByteSize(app, "--max-record-size", &options->limits.record_bytes,
              "What the stream takes as a record, data and partition key; up "
              "to 10MiB")
      ->default_str("1MiB")
      ->group("Records");
  AddByteSize(app, "--max-request-size", &options->limits.request_bytes,
              "What the service takes as a request; less for emulators")
      ->default_str("10MiB")
      ->group("Records");
}

void AddPolicyOptions(CLI::App* app, ReplayOptions* options) {
  app->add_option("--default-partition-key", options->default_partition_key,
                  "For records that have none")
      ->type_name("KEY")
      ->group("Records");
  AddChoice(app, "--on-unsendable", &options->on_unsendable,
            {std::begin(kinesis::kOnUnsendableNames),
             std::end(kinesis::kOnUnsendableNames)},
            "Records that Kinesis would not take, too large, without a key, or "
            "with an explicit hash key that is not a number: end there; leave "
            "them out and count them; or, if the hash key is all that is "
            "wrong, send them by their partition keys and count them")
      ->group("Records");
  AddChoice(app, "--on-suspect", &options->on_suspect,
            {{"skip", SuspectPolicy::kSkip}, {"fail", SuspectPolicy::kFail}},
            "Records that do not verify: leave them out and count them, or end "
            "at the first")
      ->group("Records");
}

void AddSendingOptions(CLI::App* app, ReplayOptions* options) {
  app->add_option("--rate", options->rate,
                  "Share of what Kinesis allows each shard, 1 MiB and 1,000 "
                  "records a second, for this run to use; 0.001 to 1")
      ->type_name("FACTOR")
      ->default_str("1")
      ->group("Sending");
  AddCount(app, "--attempts", &options->attempts,
           "For a request in a row, and for each record, with longer and "
           "longer pauses; then the run ends")
      ->default_str("10")
      ->group("Sending");
  app->add_option("--checkpoint", options->checkpoint,
                  "Keeps how far the run has come; a later one with the same "
                  "FILE goes on there")
      ->type_name("FILE")
      ->group("Sending");
  app->add_flag("--dry-run", options->dry_run,
                "Send nothing; tell what would be sent, and how long it takes")
      ->group("Sending");
}

// Records of documents are all sent as they are: an option that would be
// ignored is rejected.
void RefuseWhatIsForArchives(CLI::App* app) {
  CLI::Option* const requests = app->get_option("--requests");
  for (CLI::Option* option : app->get_options()) {
    if (option->get_group() == "Filters") requests->excludes(option);
  }
  for (const char* name :
       {"--container", "--aggregate", "--blob-size", "--default-partition-key",
        "--on-suspect", "--content-checksum", "--content-digest"}) {
    requests->excludes(app->get_option(name));
  }
}

}  // namespace

void AddReplayOptions(CLI::App* app, ReplayOptions* options) {
  AddInputOptions(app, &options->input);
  AddServiceOptions(app, options);
  AddPackingOptions(app, options);
  AddPolicyOptions(app, options);
  AddSendingOptions(app, options);
  AddFilterOptions(app, &options->filter);
  AddFilterLimit(app, &options->filter);
  AddSummaryOptions(app, &options->summary, "standard output");
  RefuseWhatIsForArchives(app);
}

std::optional<std::string> FindContradiction(const ReplayOptions& options) {
  constexpr double kLeastRate = 0.001;  // one record and one KiB per second
  const bool is_share = options.rate >= kLeastRate && options.rate <= 1;
  if (!is_share) return "--rate is 0.001 to 1";
  if (options.attempts == 0) return "--attempts is at least 1";
  constexpr uint64_t kLongestTimeout = 3600;
  if (options.timeout_seconds == 0 ||
      options.timeout_seconds > kLongestTimeout) {
    return "--timeout is 1 to 3600 seconds";
  }
  if (const Result<void> limits = kinesis::CheckPutLimits(options.limits);
      !limits) {
    return "--max-record-size, --max-request-size: " +
           limits.error().ToString();
  }
  if (options.limits.record_bytes <= kMinBlobLimit) {
    return fmt::format("--max-record-size is more than {}", kMinBlobLimit);
  }
  if (options.blob_bytes < kMinBlobLimit ||
      options.blob_bytes >= options.limits.record_bytes) {
    return fmt::format(
        "--blob-size is at least {}, and less than a record's {}",
        kMinBlobLimit, options.limits.record_bytes);
  }
  if (!options.default_partition_key.empty()) {
    const Result<void> key = CheckPartitionKey(options.default_partition_key);
    if (!key) return "--default-partition-key: " + key.error().ToString();
  }
  return FindContradiction(options.filter);
}

std::string IdentityOf(const ReplayOptions& options, const Filter& filter) {
  std::string filters;  // of inputs and of records
  const auto add = [&filters](const auto& value) {
    // Lengths keep lists distinct.
    const std::string text = fmt::format("{}", value);
    filters += fmt::format("{}:{};", text.size(), text);
  };
  const auto add_list = [&add](const std::vector<std::string>& list) {
    add(list.size());
    for (const std::string& text : list) add(text);
  };
  add_list(options.input.include);
  add_list(options.input.exclude);
  if (options.requests) {
    return fmt::format(
        "requests expansion={},{} record={} unsendable={} filters={}",
        options.input.max_expansion, options.input.max_expanded_bytes,
        options.limits.record_bytes, kinesis::NameOf(options.on_unsendable),
        kinesis::DigestOf(filters));
  }
  add_list(filter.partition_keys);
  for (const auto& file : filter.partition_key_files) {
    add(kinesis::DigestOf(file->lines()));
  }
  add_list(filter.partition_key_globs);
  add_list(filter.partition_key_regexes);
  add_list(filter.shards);
  if (filter.hash_range) {
    add(HashKeyText(filter.hash_range->first));
    add(HashKeyText(filter.hash_range->last));
  }
  add(static_cast<int>(filter.hash_range_mode));
  add(filter.since ? std::to_string(*filter.since) : "");
  add(filter.until ? std::to_string(*filter.until) : "");
  add(filter.sample);
  add(static_cast<int>(filter.dedupe));
  add(filter.limit ? std::to_string(*filter.limit) : "");
  return fmt::format(
      "container={} expansion={},{} aggregate={} blob={} record={} "
      "unsendable={} default-key={} filters={}",
      ContainerKindName(options.input.container), options.input.max_expansion,
      options.input.max_expanded_bytes,
      options.packing == Packing::kShards ? "shards" : "none",
      options.blob_bytes, options.limits.record_bytes,
      kinesis::NameOf(options.on_unsendable),
      kinesis::DigestOf(options.default_partition_key),
      kinesis::DigestOf(filters));
}

bool MayGoOnFrom(const std::string& identity, ReplayOptions options,
                 const Filter& filter) {
  if (identity == IdentityOf(options, filter)) return true;
  options.on_unsendable = OnUnsendable::kFail;
  return identity == IdentityOf(options, filter);
}

}  // namespace thresh::cli
