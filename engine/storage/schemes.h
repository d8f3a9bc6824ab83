// Which file system a path leads to.
#ifndef THRESH_STORAGE_SCHEMES_H_
#define THRESH_STORAGE_SCHEMES_H_

#include <memory>
#include <string>

#include "thresh/file_system.h"
#include "thresh/result.h"

namespace thresh {

// The file system that is registered for the scheme of `path`; null if it has
// none, and so names a file of this machine, as "-" does. An error that names
// the schemes there are if its scheme is none of them. A path that exists on
// this machine as it is written is one of its files.
[[nodiscard]] Result<std::shared_ptr<FileSystem>> FileSystemOf(
    const std::string& path);

}  // namespace thresh

#endif  // THRESH_STORAGE_SCHEMES_H_
