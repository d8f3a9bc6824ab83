// The shards of a stream, as the AWS CLI tells them.
#ifndef THRESH_TOOLS_CLI_OPTIONS_SHARD_MAP_H_
#define THRESH_TOOLS_CLI_OPTIONS_SHARD_MAP_H_

#include <string>
#include <string_view>
#include <vector>

#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh::cli {

// Reads what `aws kinesis describe-stream` or `list-shards` printed: the open
// shards in order of their hash keys; closed ones, which have an ending
// sequence number, are left out. `name` stands for the file in errors.
[[nodiscard]] Result<std::vector<HashKeyRange>> ParseShardMap(
    std::string_view json, const std::string& name);

// The same for the content of the file `path`.
[[nodiscard]] Result<std::vector<HashKeyRange>> ReadShardMap(
    const std::string& path);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_SHARD_MAP_H_
