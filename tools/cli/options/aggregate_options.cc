// See aggregate_options.h.
#include "cli/options/aggregate_options.h"

#include <CLI/CLI.hpp>

#include <iterator>
#include <string_view>

#include "cli/options/archive_format.h"
#include "cli/options/choice.h"
#include "cli/options/count.h"
#include "cli/options/packing_options.h"
#include "kinesis/stream.h"
#include "kinesis/unsendable.h"
#include "thresh/kinesis_keys.h"

namespace thresh::cli {
namespace {

Choices<SourceFormat> SourceChoices() {
  Choices<SourceFormat> choices = {{"archive", {}}};
  for (const auto& [name, container] : ContainerChoices(/*with_auto=*/false)) {
    choices.push_back({name, {AggregateInput::kArchives, container}});
  }
  choices.push_back({"ndjson", {.kind = AggregateInput::kNdjson}});
  choices.push_back({"lines", {.kind = AggregateInput::kLines}});
  return choices;
}

void AddSourceOptions(CLI::App* app, AggregateOptions* options) {
  AddInputWords(app, &options->input);
  AddChoice(app, "--from", &options->from, SourceChoices(),
            "What the input is. archive: Kinesis records, in a container that "
            "is recognised or named here; ndjson: what deaggregate writes; "
            "lines: data, a record a line. Compression is recognised")
      ->group("Input");
  options->data_encoding_option =
      AddChoice(app, "--data-encoding", &options->data_encoding,
                {{"base64", DataEncoding::kBase64},
                 {"text", DataEncoding::kText},
                 {"json", DataEncoding::kJson}},
                "How data stands in ndjson: as deaggregate was told")
          ->group("Input");
  app->add_option("--key", options->key,
                  "With lines, the partition key of all records")
      ->type_name("KEY")
      ->group("Input");
  app->add_option("--key-pointer", options->key_pointer,
                  "With lines of JSON, where in each its partition key stands, "
                  "a string or a number: a JSON pointer as in /user/id")
      ->type_name("POINTER")
      ->group("Input");
  app->add_option("--default-key", options->default_key,
                  "The partition key of records that have none; without it "
                  "they end the run")
      ->type_name("KEY")
      ->group("Input");
  AddReadingOptions(app, &options->input);
}

void AddTargetOptions(CLI::App* app, AggregateOptions* options) {
  app->add_option("--output,-o", options->out,
                  "File to write, or - for standard output; it gets its name "
                  "when it is complete")
      ->required()
      ->type_name("OUT")
      ->group("Output");
  AddChoice(app, "--format", &options->format,
            {{"archive", TargetFormat::kArchive},
             {"put-records", TargetFormat::kPutRecords}},
            "What the file is: an archive, or requests to a stream, one a "
            "line, as aws kinesis put-records --cli-input-json reads them")
      ->group("Output");
  options->container_option =
      AddChoice(app, "--container", &options->container, ArchiveFormatChoices(),
                "How Kinesis records lie in an archive")
          ->group("Output");
  options->stream_option =
      app->add_option("--stream", options->stream,
                      "With put-records, the stream that the requests name")
          ->type_name("NAME|ARN")
          ->group("Output");
  options->blob_size_option =
      AddByteSize(app, "--blob-size", &options->limits.max_blob_bytes,
                  "Upper bound of an aggregated record, magic and digest "
                  "included; 1KiB to 10MiB, and 50KiB with the KPL")
          ->default_str("1MiB")
          ->group("Output");
  options->max_record_size_option =
      AddByteSize(app, "--max-record-size", &options->put_limits.record_bytes,
                  "With put-records, what the stream takes as a record, data "
                  "and partition key; up to 10MiB")
          ->default_str("1MiB")
          ->group("Output");
  options->on_unsendable_option =
      AddChoice(app, "--on-unsendable", &options->on_unsendable,
                {std::begin(kinesis::kOnUnsendableNames),
                 std::end(kinesis::kOnUnsendableNames)},
                "With put-records, records whose explicit hash key is not a "
                "number below 2^128, or not as Kinesis spells one where the "
                "record is written as it is: end there, leave them out and "
                "count them, or send them by their partition keys and count "
                "them")
          ->group("Output");
  AddCount(app, "--max-records", &options->limits.max_blob_records,
           "Upper bound of the user records in one; 0 is none")
      ->default_str("0")
      ->group("Output");
  app->add_option("--shard-map", options->shard_map,
                  "What aws kinesis list-shards or describe-stream printed: no "
                  "aggregated record then has records of different shards")
      ->type_name("FILE")
      ->group("Output");
  AddChoice(app, "--too-large", &options->large_plain,
            {{"fail", false}, {"plain", true}},
            "A record that makes an aggregated record larger than --blob-size "
            "by itself ends the run, or is written as it is; not with blobs")
      ->group("Output");
}

std::optional<std::string> WrongKey(const std::string& option,
                                    const std::optional<std::string>& key) {
  if (!key) return std::nullopt;
  const Result<void> ok = CheckPartitionKey(*key);
  if (ok) return std::nullopt;
  return option + ": " + ok.error().message;
}

// The first option of the group that was given, if any.
std::optional<std::string> GivenOf(const CLI::App& app,
                                   std::string_view group) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group() == group && !option->empty()) {
      return option->get_name();
    }
  }
  return std::nullopt;
}

std::optional<std::string> FindSourceContradiction(
    const CLI::App& app, const AggregateOptions& options) {
  if (options.from.kind != AggregateInput::kNdjson &&
      !options.data_encoding_option->empty()) {
    return "--data-encoding is for --from ndjson";
  }
  if (options.from.kind != AggregateInput::kLines &&
      (options.key || options.key_pointer)) {
    return "--key and --key-pointer are for --from lines";
  }
  if (options.from.kind == AggregateInput::kLines &&
      options.key.has_value() == options.key_pointer.has_value()) {
    return "--from lines needs one of --key and --key-pointer";
  }
  if (options.key && options.default_key) {
    return "--default-key has nothing to do where --key gives all records one";
  }
  if (options.from.kind != AggregateInput::kArchives) {
    if (const auto given = GivenOf(app, "Filters")) {
      return *given + " is for archives, not for text";
    }
  }
  return std::nullopt;
}

std::optional<std::string> FindRequestContradiction(
    const AggregateOptions& options) {
  if (!options.container_option->empty()) {
    return "--container is for --format archive";
  }
  if (options.stream_option->empty()) {
    return "--format put-records needs --stream, which each request names";
  }
  if (const auto stream = kinesis::ParseStream(options.stream); !stream) {
    return "--stream: " + stream.error().ToString();
  }
  const kinesis::PutLimits& limits = options.put_limits;
  if (limits.record_bytes <= kMinBlobLimit ||
      limits.record_bytes > limits.request_bytes) {
    return "--max-record-size is more than 1KiB, and at most 10MiB";
  }
  if (!options.blob_size_option->empty() &&
      options.limits.max_blob_bytes > limits.record_bytes) {
    return "--blob-size is more than --max-record-size; raise that too if the "
           "stream takes larger records";
  }
  return std::nullopt;
}

std::optional<std::string> FindTargetContradiction(
    const AggregateOptions& options) {
  if (options.format == TargetFormat::kPutRecords) {
    return FindRequestContradiction(options);
  }
  if (!options.stream_option->empty()) {
    return "--stream is for --format put-records";
  }
  if (!options.max_record_size_option->empty()) {
    return "--max-record-size is for --format put-records";
  }
  if (!options.on_unsendable_option->empty()) {
    return "--on-unsendable is for --format put-records";
  }
  const auto writer = WriterFor(options);
  if (!writer) return "--container: " + writer.error().ToString();
  if (options.large_plain && !(*writer)->plain().data) {
    return "--too-large plain needs another --container: " +
           std::string(NameOf(options.container)) +
           " cannot hold plain records";
  }
  return std::nullopt;
}

}  // namespace

void AddAggregateOptions(CLI::App* app, AggregateOptions* options) {
  AddSourceOptions(app, options);
  AddTargetOptions(app, options);
  AddFilterOptions(app, &options->filter);
  AddFilterLimit(app, &options->filter);
  AddSuspectOptions(app, &options->suspects);
  AddPublishOptions(app, &options->publish);
  AddSummaryOptions(app, &options->summary,
                    "standard error if OUT is -, else to standard output");
}

std::optional<std::string> FindContradiction(const CLI::App& app,
                                             const AggregateOptions& options) {
  if (auto wrong = FindSourceContradiction(app, options)) return wrong;
  if (auto wrong = WrongKey("--key", options.key)) return wrong;
  if (auto wrong = WrongKey("--default-key", options.default_key)) return wrong;
  if (auto wrong = FindTargetContradiction(options)) return wrong;
  if (const Result<void> limits = CheckAggregatorOptions(LimitsOf(options));
      !limits) {
    return "--blob-size: " + limits.error().ToString();
  }
  if (auto wrong = FindContradiction(options.suspects)) return wrong;
  return FindContradiction(options.filter);
}

}  // namespace thresh::cli
