// The rule for links and pipes is that of the kernel's fs.protected_symlinks
// and fs.protected_fifos, which are not set everywhere, and which do not apply
// to links that a program resolves itself.
#include "io/trust.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "io/write_error.h"

namespace thresh {
namespace {

// The longest chain of symbolic links that Linux follows.
constexpr int kLongestChain = 40;

// Whether the owner of an entry of `folder` is trusted to decide where to
// write.
bool OwnerMayDecide(uid_t owner, const std::filesystem::path& folder) {
  if (owner == ::geteuid() || owner == 0) return true;
  struct stat status;
  const std::string name = folder.empty() ? "." : folder.string();
  if (::stat(name.c_str(), &status) != 0) return false;
  return (status.st_mode & S_IWOTH) == 0 || status.st_uid == owner;
}

}  // namespace

const char* WhyNotOurs(const struct stat& status, bool or_root) {
  if (S_ISLNK(status.st_mode)) return "is a symbolic link";
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  const bool is_trusted =
      status.st_uid == ::geteuid() || (or_root && status.st_uid == 0);
  if (!is_trusted) {
    return "belongs to another user";
  }
  if (status.st_nlink > 1) return "is a hard link: it has other names too";
  return nullptr;
}

Result<std::string> FollowLinks(const std::string& path) {
  std::filesystem::path at = path;
  for (int links = 0; links < kLongestChain; ++links) {
    struct stat status;
    if (::lstat(at.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) {
      return at.string();
    }
    if (!OwnerMayDecide(status.st_uid, at.parent_path())) {
      return RefusedFile(at.string(),
                         "is a symbolic link that another user made in a "
                         "folder that everybody may write to",
                         "remove it, or choose another name");
    }
    std::error_code failed;
    const std::filesystem::path next =
        std::filesystem::read_symlink(at, failed);
    if (failed) return WriteError(at.string(), "follow", failed.value());
    at = at.parent_path() / next;  // just `next` if that is absolute
  }
  return WriteError(path, "follow", ELOOP);
}

Result<void> CheckPipe(const std::string& path, const struct stat& status) {
  if (!S_ISFIFO(status.st_mode)) return {};
  const Result<std::string> target = FollowLinks(path);
  if (!target) return tl::unexpected(target.error());
  if (OwnerMayDecide(status.st_uid,
                     std::filesystem::path(*target).parent_path())) {
    return {};
  }
  return RefusedFile(path,
                     "is a pipe that another user made in a folder that "
                     "everybody may write to",
                     "remove it, or choose another name");
}

}  // namespace thresh
