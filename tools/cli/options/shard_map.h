// The shards of a stream, as printed by the AWS CLI.
#ifndef THRESH_TOOLS_CLI_OPTIONS_SHARD_MAP_H_
#define THRESH_TOOLS_CLI_OPTIONS_SHARD_MAP_H_

#include <string>
#include <string_view>
#include <vector>

#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh::cli {

// Reads the output of `aws kinesis describe-stream` or `list-shards`. Returns
// the open shards in order of their hash keys; closed shards, which have an
// ending sequence number, are left out. `name` is the file name used in errors.
[[nodiscard]] Result<std::vector<HashKeyRange>> ParseShardMap(
    std::string_view json, const std::string& name);

// The same for the content of the file `path`.
[[nodiscard]] Result<std::vector<HashKeyRange>> ReadShardMap(
    const std::string& path);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_SHARD_MAP_H_
