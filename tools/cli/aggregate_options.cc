// See aggregate_options.h.
#include "cli/aggregate_options.h"

#include <string_view>

#include "cli/archive_format.h"
#include "cli/choice.h"
#include "cli/count.h"
#include "thresh/kinesis_keys.h"

namespace thresh::cli {
namespace {

Choices<SourceFormat> SourceChoices() {
  Choices<SourceFormat> choices = {{"archive", {}}};
  for (const auto& [name, container] : ContainerChoices(/*with_auto=*/false)) {
    choices.push_back({name, {SourceKind::kArchive, container}});
  }
  choices.push_back({"ndjson", {.kind = SourceKind::kNdjson}});
  choices.push_back({"lines", {.kind = SourceKind::kLines}});
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
  AddChoice(app, "--container", &options->container, ArchiveFormatChoices(),
            "How Kinesis records lie in the file")
      ->group("Output");
  app->add_option_function<std::string>(
         "--blob-size",
         [options](const std::string& text) {
           options->limits.max_blob_bytes = ToByteSize("--blob-size", text);
         },
         "Upper bound of an aggregated record, magic and digest included; "
         "1KiB to 10MiB, and 50KiB with the KPL")
      ->type_name("SIZE")
      ->default_str("1MiB")
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

// The first option of the group that was given, if any was.
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
  if (options.from.kind != SourceKind::kNdjson &&
      !options.data_encoding_option->empty()) {
    return "--data-encoding is for --from ndjson";
  }
  if (options.from.kind != SourceKind::kLines &&
      (options.key || options.key_pointer)) {
    return "--key and --key-pointer are for --from lines";
  }
  if (options.from.kind == SourceKind::kLines &&
      options.key.has_value() == options.key_pointer.has_value()) {
    return "--from lines needs one of --key and --key-pointer";
  }
  if (options.key && options.default_key) {
    return "--default-key has nothing to do where --key gives all records one";
  }
  if (options.from.kind != SourceKind::kArchive) {
    if (const auto given = GivenOf(app, "Filters")) {
      return *given + " is for archives, not for text";
    }
  }
  return std::nullopt;
}

}  // namespace

void AddAggregateOptions(CLI::App* app, AggregateOptions* options) {
  AddSourceOptions(app, options);
  AddTargetOptions(app, options);
  AddFilterOptions(app, &options->filter);
  AddSuspectOptions(app, &options->suspects);
  AddSummaryOptions(app, &options->summary,
                    "standard error if OUT is -, else to standard output");
}

std::optional<std::string> FindContradiction(const CLI::App& app,
                                             const AggregateOptions& options) {
  if (auto wrong = FindSourceContradiction(app, options)) return wrong;
  if (auto wrong = WrongKey("--key", options.key)) return wrong;
  if (auto wrong = WrongKey("--default-key", options.default_key)) return wrong;
  if (options.large_plain &&
      options.container.container == ContainerKind::kBlobs) {
    return "--too-large plain needs another --container: blobs back to back "
           "cannot hold plain records";
  }
  if (const Result<void> limits = CheckAggregatorOptions(options.limits);
      !limits) {
    return "--blob-size: " + limits.error().ToString();
  }
  if (auto wrong = FindContradiction(options.suspects)) return wrong;
  return FindContradiction(options.filter);
}

Result<std::unique_ptr<LineParser>> ParserFor(const AggregateOptions& options) {
  switch (options.from.kind) {
    case SourceKind::kArchive:
      break;
    case SourceKind::kNdjson:
      return NewNdjsonParser(options.data_encoding);
    case SourceKind::kLines:
      return options.key ? NewFixedKeyParser(*options.key)
                         : NewKeyPointerParser(*options.key_pointer);
  }
  return nullptr;
}

}  // namespace thresh::cli
