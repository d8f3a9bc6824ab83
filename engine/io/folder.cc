// See folder.h.
#include "io/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <ios>

#include "io/system_call.h"

namespace thresh {
namespace {

bool SyncDescriptor(int number) {
  if (Uninterrupted([number] { return ::fsync(number); }) == 0) return true;
  // From files and file systems that cannot be synced, and from a folder that
  // was opened without permission to read it.
  return errno == EINVAL || errno == ENOTSUP || errno == ENOSYS ||
         errno == EBADF;
}

}  // namespace

Descriptor OpenFolderOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const char* const name = parent.empty() ? "." : parent.c_str();
  const auto open_as = [name](int flags) {
    return Uninterrupted(
        [=] { return ::open(name, flags | O_DIRECTORY | O_CLOEXEC); });
  };
  int number = open_as(O_RDONLY);
  if (number < 0 && errno == EACCES) number = open_as(O_PATH);
  return Descriptor(number);
}

std::string NameIn(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

bool SyncFolder(const Descriptor& folder) {
  return SyncDescriptor(folder.number());
}

bool SyncFile(int file) { return SyncDescriptor(file); }

mode_t UsualMode() {
  // umask(2) cannot read the mask without changing it for other threads.
  constexpr mode_t kAll = 0666;
  mode_t mask = 0077;  // private if the kernel does not report it
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "Umask:") continue;
    unsigned value = 0;
    if (status >> std::oct >> value) mask = value;
    break;
  }
  return kAll & ~mask;
}

bool IsNamed(int file, const Descriptor& folder, const std::string& name) {
  struct stat open_file;
  struct stat named_file;
  return ::fstat(file, &open_file) == 0 &&
         ::fstatat(folder.number(), name.c_str(), &named_file,
                   AT_SYMLINK_NOFOLLOW) == 0 &&
         open_file.st_dev == named_file.st_dev &&
         open_file.st_ino == named_file.st_ino;
}

}  // namespace thresh
