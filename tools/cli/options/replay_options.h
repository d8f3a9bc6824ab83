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

// A shard takes 1 MiB a second: in aggregates of a quarter of it the rate stays
// even, and no aggregate waits for the bucket to be full to the brim.
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
  std::string shards;  // a file; empty: the service is asked
  uint64_t timeout_seconds = 60;
  // Which records there are.
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

// What of the options does not go together or makes no sense, if anything.
[[nodiscard]] std::optional<std::string> FindContradiction(
    const ReplayOptions& options);

// Those that decide which records there are and how they are numbered, in one
// line, for checkpoints.
[[nodiscard]] std::string IdentityOf(const ReplayOptions& options,
                                     const Filter& filter);

// Whether a run with these options numbers records as the one with this
// identity did, as far as that one came: one that was to end at the first
// record that cannot be sent has numbered nothing past it.
[[nodiscard]] bool MayGoOnFrom(const std::string& identity,
                               ReplayOptions options, const Filter& filter);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_REPLAY_OPTIONS_H_
