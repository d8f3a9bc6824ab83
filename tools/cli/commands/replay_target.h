// The stream that `thresh replay` sends to: its endpoint, the credentials to
// write to it, and its shards.
#ifndef THRESH_TOOLS_CLI_COMMANDS_REPLAY_TARGET_H_
#define THRESH_TOOLS_CLI_COMMANDS_REPLAY_TARGET_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/options/replay_options.h"
#include "kinesis/clock.h"
#include "kinesis/stream.h"
#include "kinesis/transport.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh::cli {

struct ReplayTarget {
  kinesis::Stream stream;
  std::string endpoint;  // empty for a dry run that needs none
  // Null for a dry run that sends no requests.
  std::unique_ptr<kinesis::Transport> transport;
  std::vector<HashKeyRange> shards;  // open shards; they cover all hash keys
};

// Asks the service for the shards unless they are given; `clock` times the
// pauses between attempts.
[[nodiscard]] Result<ReplayTarget> FindTarget(const ReplayOptions& options,
                                              kinesis::Clock* clock);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_COMMANDS_REPLAY_TARGET_H_
