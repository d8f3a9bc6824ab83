// See sizes.h.
#include "storage/sizes.h"

#include <sys/stat.h>

#include "thresh/file_system.h"

namespace thresh {
namespace {

std::optional<uint64_t> SizeOfLocalFile(const std::string& path) {
  struct stat status;
  if (path == "-" || ::stat(path.c_str(), &status) != 0 ||
      !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(status.st_size);
}

}  // namespace

std::optional<uint64_t> SizeOfFile(const std::string& path) {
  const Result<std::shared_ptr<FileSystem>> file_system = FileSystemOf(path);
  if (!file_system) return std::nullopt;
  if (*file_system == nullptr) return SizeOfLocalFile(path);
  const Result<FileInfo> info = (*file_system)->Stat(path);
  if (!info || info->kind != FileKind::kFile) return std::nullopt;
  return info->size;
}

bool MayWaitForWriter(const std::string& path) {
  const Result<std::shared_ptr<FileSystem>> file_system = FileSystemOf(path);
  if (!file_system || *file_system != nullptr) return false;
  struct stat status;
  return path == "-" ||
         (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode));
}

}  // namespace thresh
