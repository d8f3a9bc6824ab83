// Which files a run writes, and whether one of them is among those it reads.
#ifndef THRESH_TOOLS_CLI_OPTIONS_OUTPUT_FILES_H_
#define THRESH_TOOLS_CLI_OPTIONS_OUTPUT_FILES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thresh::cli {

inline constexpr std::string_view kQuarantineSuffix = ".quarantine.ndjson";

// OUT.quarantine.ndjson next to a file. For "-", devices and pipes, which do
// not identify a run, the first of thresh.quarantine.ndjson,
// thresh-2.quarantine.ndjson and so on that does not exist in the current
// directory.
[[nodiscard]] std::string DefaultQuarantine(const std::string& out);

// Returns why the run cannot write `out` ("-" is standard output) and
// `quarantine` (empty: none): a directory, or the same file as an input or as
// each other. Null if there is no conflict. Files are compared by device and
// inode, so links and other spellings of a path are detected; paths with a
// scheme are compared as they are written.
[[nodiscard]] std::optional<std::string> FindOutputConflict(
    const std::string& out, const std::string& quarantine,
    const std::vector<std::string>& inputs);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_OUTPUT_FILES_H_
