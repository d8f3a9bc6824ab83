// See sizes.h.
#include "storage/sizes.h"

#include <sys/stat.h>

#include "storage/schemes.h"

namespace thresh {

std::optional<uint64_t> SizeOfFile(const std::string& path) {
  const Result<std::shared_ptr<FileSystem>> elsewhere = FileSystemOf(path);
  if (!elsewhere) return std::nullopt;
  if (*elsewhere != nullptr) {
    const Result<FileInfo> info = (*elsewhere)->Stat(path);
    if (!info || info->is_directory) return std::nullopt;
    return info->size;
  }
  struct stat status;
  if (path == "-" || ::stat(path.c_str(), &status) != 0 ||
      !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(status.st_size);
}

}  // namespace thresh
