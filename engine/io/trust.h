// Which owners of a name in the file system are trusted before writing to it.
// In a world-writable folder, such as /tmp, others can create links, pipes and
// files where this program will look for its own.
#ifndef THRESH_IO_TRUST_H_
#define THRESH_IO_TRUST_H_

#include <sys/stat.h>

#include <string>

#include "thresh/result.h"

namespace thresh {

// Why a file with `status` cannot be from an earlier run of this user: it must
// be a regular file without other hard links, owned by the user, or by root if
// `or_root`.
// Null if it can be.
[[nodiscard]] const char* WhyNotOurs(const struct stat& status, bool or_root);

// The target of the chain of symbolic links at `path`, whether or not it
// exists. Fails for a link that another user made in a world-writable folder: a
// link there must be owned by the user, root or the folder's owner.
[[nodiscard]] Result<std::string> FollowLinks(const std::string& path);

// Fails if `status`, that of `path` with links followed, is that of a pipe that
// another user made in a world-writable folder.
[[nodiscard]] Result<void> CheckPipe(const std::string& path,
                                     const struct stat& status);

}  // namespace thresh

#endif  // THRESH_IO_TRUST_H_
