// See open_file.h.
#include "storage/open_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/local_file.h"
#include "io/read.h"
#include "io/system_error.h"
#include "storage/stored_error.h"

namespace thresh {
namespace {

Result<OpenedFile> OpenLocal(const std::string& path) {
  Descriptor opened = OpenToRead(path, 0);
  if (!opened.is_open()) return tl::unexpected(SystemError(errno, path));
  auto descriptor = std::make_shared<const FileDescriptor>(opened.Release());
  struct stat status{};
  if (::fstat(descriptor->number(), &status) != 0) {
    return tl::unexpected(SystemError(errno, path));
  }
  if (S_ISDIR(status.st_mode)) return tl::unexpected(SystemError(EISDIR, path));
  // A regular file of size 0 may be one that the kernel generates when it is
  // read.
  std::shared_ptr<StoredFile> file;
  std::optional<uint64_t> size;
  if (S_ISREG(status.st_mode)) size = static_cast<uint64_t>(status.st_size);
  if (size.value_or(0) > 0) {
    file = std::make_shared<LocalFile>(descriptor, path, *size);
  }
  return OpenedFile{std::move(descriptor), std::move(file), size};
}

}  // namespace

Result<OpenedFile> OpenFile(const std::string& path) {
  if (path == "-") {
    return OpenedFile{std::make_shared<const FileDescriptor>(
                          STDIN_FILENO, FileDescriptor::Ownership::kBorrowed),
                      nullptr, std::nullopt};
  }
  Result<std::shared_ptr<FileSystem>> file_system = FileSystemOf(path);
  if (!file_system) return tl::unexpected(std::move(file_system.error()));
  if (*file_system == nullptr) return OpenLocal(path);
  Result<std::unique_ptr<StoredFile>> file = (*file_system)->Open(path);
  if (!file) return StoredError(std::move(file.error()), path);
  const uint64_t size = (*file)->size();
  return OpenedFile{nullptr, *std::move(file), size};
}

}  // namespace thresh
