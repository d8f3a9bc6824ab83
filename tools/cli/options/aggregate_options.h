// The options of `thresh aggregate`, and which of them conflict.
#ifndef THRESH_TOOLS_CLI_OPTIONS_AGGREGATE_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_AGGREGATE_OPTIONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cli/options/cli11.h"
#include "cli/options/filter_options.h"
#include "cli/options/input_options.h"
#include "cli/options/publish_options.h"
#include "cli/options/suspect_options.h"
#include "cli/report/summary_printer.h"
#include "kinesis/put_records_document.h"
#include "thresh/aggregate.h"
#include "thresh/aggregator.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"
#include "thresh/sinks.h"
#include "thresh/unsendable.h"

namespace thresh::cli {

// The value of --from: an archive in some container, or a kind of text.
struct SourceFormat {
  AggregateInput kind = AggregateInput::kArchives;
  ContainerKind container = ContainerKind::kAuto;  // of an archive

  friend bool operator==(const SourceFormat&, const SourceFormat&) = default;
};

// The value of --format: an archive in some container, or requests to a stream.
enum class TargetFormat : uint8_t { kArchive, kPutRecords };

struct AggregateOptions {
  InputOptions input;  // without the container
  SourceFormat from;
  DataEncoding data_encoding = DataEncoding::kBase64;
  std::optional<std::string> key;
  std::optional<std::string> key_pointer;
  std::optional<std::string> default_key;
  FilterOptions filter;
  SuspectOptions suspects;
  PublishOptions publish;
  SummaryOptions summary;
  AggregatorOptions limits;  // as given: see LimitsOf
  std::string shard_map;     // a file, or empty
  bool large_plain = false;
  std::string out;
  TargetFormat format = TargetFormat::kArchive;
  ContainerFormat container;      // of an archive
  std::string stream;             // of requests, as given
  kinesis::PutLimits put_limits;  // of requests
  OnUnsendable on_unsendable = OnUnsendable::kFail;
  // To distinguish options that were given from defaults.
  CLI::Option* data_encoding_option = nullptr;
  CLI::Option* blob_size_option = nullptr;
  CLI::Option* container_option = nullptr;
  CLI::Option* stream_option = nullptr;
  CLI::Option* max_record_size_option = nullptr;
  CLI::Option* on_unsendable_option = nullptr;
};

// Adds all of them to `app`. `options` must outlive it.
void AddAggregateOptions(CLI::App* app, AggregateOptions* options);

// Returns a description of conflicting or invalid options, if there are any.
[[nodiscard]] std::optional<std::string> FindContradiction(
    const CLI::App& app, const AggregateOptions& options);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_AGGREGATE_OPTIONS_H_
