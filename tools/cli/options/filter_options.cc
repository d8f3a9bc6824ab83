// See filter_options.h.
#include "cli/options/filter_options.h"

#include <CLI/CLI.hpp>

#include <string_view>
#include <utility>

#include "base/errors.h"
#include "cli/options/choice.h"
#include "cli/options/count.h"
#include "cli/report/messages.h"
#include "cli/report/units.h"

namespace thresh::cli {
namespace {

constexpr char kFilterGroup[] = "Filters";

// An option that may be given several times, with one value each time.
void AddList(CLI::App* app, const std::string& name,
             std::vector<std::string>* target, const std::string& type,
             const std::string& help) {
  app->add_option(name, *target, help)
      ->type_name(type)
      ->allow_extra_args(false)
      ->group(kFilterGroup);
}

// An option whose value `read` turns into `*target`, or into an error.
template <typename Target, typename Value>
CLI::Option* AddParsed(CLI::App* app, const std::string& name, Target* target,
                       Result<Value> (*read)(std::string_view),
                       const std::string& type, const std::string& help) {
  const auto set = [name, target, read](const std::string& text) {
    Result<Value> value = read(text);
    if (!value) throw CLI::ValidationError(name, value.error().ToString());
    *target = *value;
  };
  return app->add_option_function<std::string>(name, set, help)
      ->type_name(type)
      ->group(kFilterGroup);
}

tl::unexpected<Error> WrongFilter(std::string message, std::string remedy) {
  return tl::unexpected(InvalidArgument(std::move(message), std::move(remedy)));
}

Result<uint64_t> ReadSample(std::string_view text) {
  constexpr std::string_view kOneOf = "1/";
  if (text.starts_with(kOneOf)) {
    const auto count = ParseCount(text.substr(kOneOf.size()));
    if (count.value_or(0) > 0) return *count;
  }
  return WrongFilter("'" + std::string(text) + "' is not a share",
                     "write 1/N with N of 1 or more");
}

Result<uint64_t> ReadSize(std::string_view text) {
  if (const auto size = ParseByteSize(text)) return *size;
  return WrongFilter("'" + std::string(text) + "' is not a size",
                     "write it as 512MiB or 4GB");
}

void AddKeyOptions(CLI::App* app, FilterOptions* options) {
  Filter* filter = &options->filter;
  AddList(app, "--partition-key", &filter->partition_keys, "KEY",
          "Keep records with this key. All options on partition keys may be "
          "repeated; one of them has to match");
  AddList(app, "--partition-key-glob", &filter->partition_key_globs, "PATTERN",
          "Keep records whose key matches this shell pattern, as in 'user-*'");
  AddList(app, "--partition-key-regex", &filter->partition_key_regexes, "RE",
          "Keep records whose whole key matches this RE2 expression, as in "
          "'user-[0-9]+'");
  AddList(app, "--partition-key-file", &options->key_files, "FILE",
          "Keep records with a key in this file, which has one per line; needs "
          "memory of its size and 11 bytes per key");
  AddParsed(app, "--hash-range", &filter->hash_range, &ParseHashRange, "A-B",
            "Keep hash keys from A to B, inclusive; decimal, or hexadecimal "
            "after 0x");
  options->hash_range_mode_option =
      AddChoice(app, "--hash-range-mode", &filter->hash_range_mode,
                {{"record", HashRangeMode::kRecord},
                 {"aggregate", HashRangeMode::kAggregate}},
                "What a record outside the range removes: itself, or its whole "
                "aggregate, as in the KCL")
          ->group(kFilterGroup);
}

void AddMetadataOptions(CLI::App* app, Filter* filter) {
  AddList(app, "--shard", &filter->shards, "ID",
          "Keep records of this shard, as in shardId-000000000003, or 3 for "
          "short; may be repeated");
  AddParsed(app, "--since", &filter->since, &ParseTime, "TIME",
            "Keep records that arrived at this time or later, as in "
            "2025-06-15T15:06:40Z, or in seconds since 1970");
  AddParsed(app, "--until", &filter->until, &ParseTime, "TIME",
            "Keep records that arrived before this time");
}

}  // namespace

void AddFilterOptions(CLI::App* app, FilterOptions* options) {
  Filter* filter = &options->filter;
  AddKeyOptions(app, options);
  AddMetadataOptions(app, filter);
  AddParsed(app, "--sample", &filter->sample, &ReadSample, "1/N",
            "Keep one of N partition keys, always the same ones");
  AddChoice(app, "--dedupe", &filter->dedupe,
            {{"none", Dedupe::kNone},
             {"sequence", Dedupe::kSequence},
             {"content", Dedupe::kContent}},
            "Of records with the same shard and sequence number, or with equal "
            "keys and data, keep the first")
      ->group(kFilterGroup);
  options->dedupe_memory_option = AddParsed(
      app, "--dedupe-memory", &filter->dedupe_memory, &ReadSize, "SIZE",
      "Memory for --dedupe, up to 43 bytes per record; the run fails if it "
      "needs more [default: 1GiB]");
}

void AddFilterLimit(CLI::App* app, FilterOptions* options) {
  AddCount(app, "--limit", &options->filter.limit,
           "Stop after this many user records")
      ->group(kFilterGroup);
}

std::optional<std::string> FindContradiction(const FilterOptions& options) {
  if (!options.hash_range_mode_option->empty() && !options.filter.hash_range) {
    return "--hash-range-mode needs --hash-range";
  }
  if (!options.dedupe_memory_option->empty() &&
      options.filter.dedupe == Dedupe::kNone) {
    return "--dedupe-memory needs --dedupe sequence or content";
  }
  return std::nullopt;
}

Result<Filter> FilterOf(const FilterOptions& options) {
  Filter filter = options.filter;
  for (const std::string& file : options.key_files) {
    Result<std::shared_ptr<const KeyFile>> keys = KeyFile::Read(file);
    if (!keys) return tl::unexpected(std::move(keys.error()));
    filter.partition_key_files.push_back(*std::move(keys));
  }
  if (Result<void> ok = CheckFilter(filter); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  return filter;
}

void ReportMissingMetadata(const Summary& summary) {
  if (summary.skipped_unreadable_time > 0) {
    ReportNote(WithThousands(summary.skipped_unreadable_time) +
               " Kinesis records are left out because their arrival time has a "
               "form that --since and --until cannot read, for example without "
               "a time zone");
  }
  if (summary.skipped_without_metadata == 0) return;
  const uint64_t known =
      summary.kinesis_records - summary.skipped_without_metadata;
  ReportNote(WithThousands(summary.skipped_without_metadata) +
             " Kinesis records are left out because their archives do not "
             "contain what --shard, --since or --until need" +
             (known == 0 ? ": no record has it" : ""));
}

}  // namespace thresh::cli
