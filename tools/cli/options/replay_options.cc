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
  app->add_option("--stream", options->stream, "Stream to send the records to")
      ->required()
      ->type_name("NAME|ARN")
      ->group(kGroup);
  app->add_option("--region", options->region,
                  "AWS region; without it that of the ARN, or AWS_REGION")
      ->type_name("REGION")
      ->group(kGroup);
  app->add_option("--endpoint", options->endpoint,
                  "URL of the service; without it that of AWS in the region")
      ->type_name("URL")
      ->group(kGroup);
  app->add_flag("--allow-http", options->allow_http,
                "Allow an http:// endpoint on another machine: records and "
                "session token are sent there without encryption")
      ->group(kGroup);
  app->add_option("--profile", options->profile,
                  "Profile in ~/.aws/credentials; without it AWS_ACCESS_KEY_ID "
                  "and so on, or the profile AWS_PROFILE")
      ->type_name("NAME")
      ->group(kGroup);
  app->add_option(
         "--shards", options->shards,
         "Output of 'aws kinesis list-shards'; without it the service is asked")
      ->type_name("FILE")
      ->group(kGroup);
  AddCount(app, "--timeout", &options->timeout_seconds,
           "Timeout of a request and its reply")
      ->type_name("SECONDS")
      ->default_str("60")
      ->group(kGroup);
}

void AddPackingOptions(CLI::App* app, ReplayOptions* options) {
  app->add_flag("--requests", options->requests,
                "INPUT contains put-records requests, one per line; all their "
                "records are sent unchanged")
      ->group("Records");
  AddChoice(app, "--aggregate", &options->packing,
            {{"shards", Packing::kShards}, {"none", Packing::kNone}},
            "Pack user records into aggregates, each for one shard, or send "
            "each by itself")
      ->group("Records");
  AddByteSize(app, "--blob-size", &options->blob_bytes,
              "Maximum size of an aggregate")
      ->default_str("256KiB")
      ->group("Records");
  AddByteSize(app, "--max-record-size", &options->limits.record_bytes,
              "Maximum size of a record that the stream accepts, data and "
              "partition key; up to 10MiB")
      ->default_str("1MiB")
      ->group("Records");
  AddByteSize(
      app, "--max-request-size", &options->limits.request_bytes,
      "Maximum size of a request that the service accepts; less for emulators")
      ->default_str("10MiB")
      ->group("Records");
}

void AddPolicyOptions(CLI::App* app, ReplayOptions* options) {
  app->add_option("--default-partition-key", options->default_partition_key,
                  "Partition key of records that have none")
      ->type_name("KEY")
      ->group("Records");
  AddChoice(app, "--on-unsendable", &options->on_unsendable,
            {std::begin(kinesis::kOnUnsendableNames),
             std::end(kinesis::kOnUnsendableNames)},
            "What to do with records that Kinesis would not accept (too large, "
            "without a key, or with an explicit hash key that is not a "
            "number): fail; leave them out and count them; or, if only the "
            "hash key is wrong, send them by partition key and count them")
      ->group("Records");
  AddChoice(app, "--on-suspect", &options->on_suspect,
            {{"skip", SuspectPolicy::kSkip}, {"fail", SuspectPolicy::kFail}},
            "What to do with records that do not verify: leave them out and "
            "count them, or fail at the first")
      ->group("Records");
}

void AddSendingOptions(CLI::App* app, ReplayOptions* options) {
  app->add_option("--rate", options->rate,
                  "Share of the limits of each shard, 1 MiB and 1,000 records "
                  "per second, that this run uses; 0.001 to 1")
      ->type_name("FACTOR")
      ->default_str("1")
      ->group("Sending");
  AddCount(app, "--attempts", &options->attempts,
           "Maximum number of attempts per request and per record, with "
           "increasing pauses; then the run fails")
      ->default_str("10")
      ->group("Sending");
  app->add_option("--checkpoint", options->checkpoint,
                  "Save progress in FILE; a later run with the same FILE "
                  "continues there")
      ->type_name("FILE")
      ->group("Sending");
  app->add_flag(
         "--dry-run", options->dry_run,
         "Send nothing; print what would be sent, and how long it would take")
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

bool MayContinueFrom(const std::string& identity, ReplayOptions options,
                     const Filter& filter) {
  if (identity == IdentityOf(options, filter)) return true;
  options.on_unsendable = OnUnsendable::kFail;
  return identity == IdentityOf(options, filter);
}

}  // namespace thresh::cli
