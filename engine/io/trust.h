// Whom a name in the file system may belong to before something is written by
// it. In a folder that everybody may write to, such as /tmp, others can put
// links, pipes and files where this program will look for its own.
#ifndef THRESH_IO_TRUST_H_
#define THRESH_IO_TRUST_H_

#include <sys/stat.h>

#include <string>

#include "thresh/result.h"

namespace thresh {

// Why a file with `status` is not one that this user's earlier run can have
// left: it must be a regular file with one name, the user's own, or root's if
// `or_root`. Null if nothing speaks against it.
[[nodiscard]] const char* WhyNotOurs(const struct stat& status, bool or_root);

// The path that the symbolic links from `path` on lead to, be there a file or
// not. Fails for a link which somebody else made in a folder that everybody may
// write to: a link there counts only if it is the user's, root's or of the
// folder's owner.
[[nodiscard]] Result<std::string> FollowLinks(const std::string& path);

// Fails if `status`, of what `path` names after all links, is that of a pipe
// which somebody else made in a folder that everybody may write to.
[[nodiscard]] Result<void> CheckPipe(const std::string& path,
                                     const struct stat& status);

}  // namespace thresh

#endif  // THRESH_IO_TRUST_H_
