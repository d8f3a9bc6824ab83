// Where names lead. Paths without a scheme are files of this machine; a scheme
// such as "s3://" leads to a file system that has been registered for it.
#ifndef THRESH_FILE_SYSTEM_H_
#define THRESH_FILE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "thresh/byte_output.h"
#include "thresh/export.h"
#include "thresh/result.h"

namespace thresh {

struct FileInfo {
  std::string path;   // with its scheme
  uint64_t size = 0;  // bytes
  bool is_directory = false;
  // Differs whenever the content does, as far as the storage knows: the ETag of
  // an object, for example. Empty if it is not known.
  std::string version;
};

// A file that is open for reading. Thread-safe.
class THRESH_EXPORT StoredFile {
 public:
  virtual ~StoredFile() = default;

  // Bytes, as they were when the file was opened.
  [[nodiscard]] virtual uint64_t size() const = 0;

  // Reads at least one byte at `offset` into `out`, which is not empty, and
  // returns how many; 0 at the end. A file that was replaced since it was
  // opened, as far as the storage knows, is an error of kIo.
  [[nodiscard]] virtual Result<size_t> ReadAt(uint64_t offset,
                                              std::span<uint8_t> out) = 0;
};

// Storage that is reached by paths of one scheme: "scheme://...". Errors are of
// kIo and need not name the path, which whoever called adds. Thread-safe.
class THRESH_EXPORT FileSystem {
 public:
  virtual ~FileSystem() = default;

  [[nodiscard]] virtual Result<FileInfo> Stat(const std::string& path) = 0;

  // All files below the directory or prefix `path`, at any depth, in any order.
  [[nodiscard]] virtual Result<std::vector<FileInfo>> List(
      const std::string& path) = 0;

  [[nodiscard]] virtual Result<std::unique_ptr<StoredFile>> Open(
      const std::string& path) = 0;

  // An output that appears at `path` when it is committed.
  [[nodiscard]] virtual Result<std::unique_ptr<ByteOutput>> Create(
      const std::string& path, const OutputOptions& options) = 0;
};

// Has paths that begin with SCHEME:// lead to `file_system`, for this process.
// `scheme` is as in RFC 3986, in lower case: a letter, then letters, digits,
// "+", "-" or ".". Fails if it is not, or if it is registered already.
// Thread-safe.
[[nodiscard]] THRESH_EXPORT Result<void> RegisterFileSystem(
    std::string_view scheme, std::shared_ptr<FileSystem> file_system);

}  // namespace thresh

#endif  // THRESH_FILE_SYSTEM_H_
