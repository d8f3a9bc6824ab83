// Outputs, and files of earlier runs that would contradict them, wherever their
// paths lead. OpenOutput (thresh/byte_output.h) is CreateOutput that follows
// links.
#ifndef THRESH_STORAGE_OUTPUTS_H_
#define THRESH_STORAGE_OUTPUTS_H_

#include <memory>
#include <string>

#include "io/file_output.h"
#include "thresh/byte_output.h"
#include "thresh/result.h"

namespace thresh {

// As OpenOutput; `links` is for files of this machine.
[[nodiscard]] Result<std::unique_ptr<ByteOutput>> CreateOutput(
    const std::string& path, const OutputOptions& options, LinkPolicy links);

// Fails if it is certain that CreateOutput will fail. Leaves no file and does
// not disturb other runs.
[[nodiscard]] Result<void> TryOutput(const std::string& path, LinkPolicy links);

// Removes what an earlier run published as `path` with `suffix` appended, if
// that is a file. A file that is about to be replaced, and has a side file,
// must never be seen with the new one's side file.
[[nodiscard]] Result<void> WithdrawOutput(const std::string& path,
                                          const std::string& suffix, bool sync);

// Removes the file or link `side` with `suffix` appended, if there is one,
// after WithdrawOutput(path, suffix, sync).
[[nodiscard]] Result<void> RemoveSideFile(const std::string& side,
                                          const std::string& path,
                                          const std::string& suffix, bool sync);

}  // namespace thresh

#endif  // THRESH_STORAGE_OUTPUTS_H_
