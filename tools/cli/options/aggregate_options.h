// The options of `thresh aggregate`, and what of them goes together.
#ifndef THRESH_TOOLS_CLI_OPTIONS_AGGREGATE_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_AGGREGATE_OPTIONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "archive/record_writer.h"
#include "cli/line_parser.h"
#include "cli/options/cli11.h"
#include "cli/options/filter_options.h"
#include "cli/options/input_options.h"
#include "cli/options/publish_options.h"
#include "cli/options/suspect_options.h"
#include "cli/report/summary_printer.h"
#include "kinesis/put_records_document.h"
#include "kinesis/unsendable.h"
#include "thresh/aggregator.h"
#include "thresh/result.h"
#include "thresh/sinks.h"

namespace thresh::cli {

enum class SourceKind : uint8_t { kArchive, kNdjson, kLines };

// What --from names: an archive in some container, or a kind of text.
struct SourceFormat {
  SourceKind kind = SourceKind::kArchive;
  ContainerKind container = ContainerKind::kAuto;  // of an archive

  friend bool operator==(const SourceFormat&, const SourceFormat&) = default;
};

// What --format names: an archive in some container, or requests to a stream.
enum class TargetFormat : uint8_t { kArchive, kPutRecords };

struct AggregateOptions {
  InputOptions input;  // but for the container
  SourceFormat from;
  DataEncoding data_encoding = DataEncoding::kBase64;
  std::optional<std::string> key;
  std::optional<std::string> key_pointer;
  std::optional<std::string> default_key;
  FilterOptions filter;
  SuspectOptions suspects;
  PublishOptions publish;
  SummaryOptions summary;
  AggregatorOptions limits;  // as asked for: see LimitsOf
  std::string shard_map;     // a file, or empty
  bool large_plain = false;
  std::string out;
  TargetFormat format = TargetFormat::kArchive;
  archive::ArchiveFormat container;  // of an archive
  std::string stream;                // of requests, as given
  kinesis::PutLimits put_limits;     // of requests
  kinesis::OnUnsendable on_unsendable = kinesis::OnUnsendable::kFail;
  // To tell what was asked for from what is the default.
  CLI::Option* data_encoding_option = nullptr;
  CLI::Option* blob_size_option = nullptr;
  CLI::Option* container_option = nullptr;
  CLI::Option* stream_option = nullptr;
  CLI::Option* max_record_size_option = nullptr;
  CLI::Option* on_unsendable_option = nullptr;
};

// Adds all of them to `app`. `options` must outlive it.
void AddAggregateOptions(CLI::App* app, AggregateOptions* options);

// What of the options does not go together or makes no sense, if anything.
[[nodiscard]] std::optional<std::string> FindContradiction(
    const CLI::App& app, const AggregateOptions& options);

// The parser of the lines that the options promise; null for archives.
[[nodiscard]] Result<std::unique_ptr<LineParser>> ParserFor(
    const AggregateOptions& options);

// The packer's limits. An archive may hold whatever record there is; in a
// request a blob and its partition key, "a", are a record of the stream's.
[[nodiscard]] AggregatorOptions LimitsOf(const AggregateOptions& options);

// The writer of what the options promise, between which FindContradiction must
// have found nothing.
[[nodiscard]] std::unique_ptr<archive::RecordWriter> WriterFor(
    const AggregateOptions& options);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_AGGREGATE_OPTIONS_H_
