// The options of `thresh replay`.
#ifndef THRESH_TOOLS_CLI_OPTIONS_REPLAY_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_REPLAY_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options/cli11.h"
#include "cli/options/filter_options.h"
#include "cli/options/input_options.h"
#include "cli/report/summary_printer.h"
#include "kinesis/put_records_document.h"
#include "kinesis/record_source.h"
#include "thresh/options.h"

namespace thresh::cli {

enum class Packing : uint8_t { kShards, kNone };

// A shard takes 1 MiB per second: with aggregates of a quarter of that the rate
// stays even, and no aggregate has to wait for a full bucket.
inline constexpr uint64_t kReplayBlobBytes = uint64_t{256} << 10;

struct ReplayOptions {
  InputOptions input;
  FilterOptions filter;
  SummaryOptions summary;
  // The service.
  std::string stream;
  std::string region;
  std::string endpoint;
  bool allow_http = false;
  std::string profile;
  std::string shards;  // a file; empty: ask the service
  uint64_t timeout_seconds = 60;
  // Which records are sent.
  bool requests = false;  // the inputs are request documents
  Packing packing = Packing::kShards;
  uint64_t blob_bytes = kReplayBlobBytes;
  kinesis::PutLimits limits;
  std::string default_partition_key;
  OnUnsendable on_unsendable = OnUnsendable::kFail;
  SuspectPolicy on_suspect = SuspectPolicy::kSkip;
  // How they are sent.
  double rate = 1;
  uint64_t attempts = 10;
  std::string checkpoint;
  bool dry_run = false;
};

// Adds all options to `app`. `options` must outlive it.
void AddReplayOptions(CLI::App* app, ReplayOptions* options);

// Returns a description of conflicting or invalid options, if there are any.
[[nodiscard]] std::optional<std::string> FindContradiction(
    const ReplayOptions& options);

// The options that decide which records there are and how they are numbered, in
// one line, for checkpoints.
[[nodiscard]] std::string IdentityOf(const ReplayOptions& options,
                                     const Filter& filter);

// Whether a run with these options numbers records as the run with this
// identity did, up to where that run ended: a run that ends at the first record
// that cannot be sent has not numbered any record past it.
[[nodiscard]] bool MayContinueFrom(const std::string& identity,
                                   ReplayOptions options, const Filter& filter);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_REPLAY_OPTIONS_H_
