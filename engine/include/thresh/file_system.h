// Storage beyond the files of this machine. A program registers a FileSystem
// for a scheme, such as "s3"; paths that begin with "s3://" then work as
// inputs, outputs and quarantines of all runs of the process. Paths without a
// scheme are files of this machine.
#ifndef THRESH_FILE_SYSTEM_H_
#define THRESH_FILE_SYSTEM_H_

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

enum class FileKind : uint8_t {
  kNone,  // there is nothing at the path
  kFile,
  kDirectory,  // a directory, or a prefix of paths up to a "/"
};

struct FileInfo {
  std::string path;  // with its scheme
  FileKind kind = FileKind::kNone;
  uint64_t size = 0;  // of a file, in bytes
  // Of a file: a different one for different content, as far as the storage
  // knows, such as the ETag of an object. Empty: not known.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string version = {};
};

// The contracts below are for those who implement storage. Errors have the code
// kIo; the caller adds the path and the offset. No function throws anything but
// std::bad_alloc, and none waits without a time limit.

// A file that is open for reading. Its functions are called on several threads
// at once.
class THRESH_EXPORT StoredFile {
 public:
  virtual ~StoredFile() = default;

  // The number of bytes when the file was opened.
  [[nodiscard]] virtual uint64_t size() const = 0;

  // Reads 1 to out.size() bytes at `offset`, which is less than size(), to the
  // start of `out`, which is not empty, and returns how many. Returns 0 if the
  // file ends at `offset` by now. All bytes are of the version that was opened:
  // fails if the file was replaced since, as far as the storage knows.
  [[nodiscard]] virtual Result<size_t> ReadAt(uint64_t offset,
                                              std::span<uint8_t> out) = 0;
};

// Paths are passed with their scheme, as users write them; those of directories
// and prefixes with or without a "/" at the end. All functions are called on
// several threads at once. (Not exported: the library derives nothing from it.)
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // What is at `path`; nothing is not an error. A run calls it for each of its
  // inputs, before it reads them and after that.
  [[nodiscard]] virtual Result<FileInfo> Stat(const std::string& path) = 0;

  // All files below the directory or prefix `path`, at any depth, in any order,
  // as Stat returns them.
  [[nodiscard]] virtual Result<std::vector<FileInfo>> List(
      const std::string& path) = 0;

  // The file may outlive the file system.
  [[nodiscard]] virtual Result<std::unique_ptr<StoredFile>> Open(
      const std::string& path) = 0;

  // An output to `path`, which appears there, or replaces a file, when it is
  // committed. Until then, and if it is destroyed without that, or if Commit
  // fails, readers find what was there before. Fails if it is certain that
  // nothing can be written to `path`: a quarantine is created and destroyed to
  // find out. Several outputs to one path may exist at a time; the one that is
  // committed last stays. The bytes that Write is given are valid until it
  // returns. `options.stale_side_file` is empty: the caller removes side files.
  [[nodiscard]] virtual Result<std::unique_ptr<ByteOutput>> Create(
      const std::string& path, const OutputOptions& options) = 0;

  // Removes the file at `path`; success if there is none. Called for what
  // earlier runs wrote, and would contradict a new result.
  [[nodiscard]] virtual Result<void> Remove(const std::string& path) = 0;
};

// From now on paths that begin with SCHEME:// lead to `file_system`, which is
// kept until the process ends. `scheme` is as in RFC 3986, in lower case: a
// letter, then letters, digits, "+", "-" or ".". Fails if it is not, and if it
// is registered already. Thread-safe.
[[nodiscard]] THRESH_EXPORT Result<void> RegisterFileSystem(
    std::string_view scheme, std::shared_ptr<FileSystem> file_system);

// The file system that `path` leads to: null if the path has no scheme and so
// is that of a file of this machine, as "-" and "./s3://x" are. A path whose
// scheme is not registered is an error of kIo that names it, unless a directory
// of the name SCHEME: exists in the current one. Thread-safe.
[[nodiscard]] THRESH_EXPORT Result<std::shared_ptr<FileSystem>> FileSystemOf(
    const std::string& path);

}  // namespace thresh

#endif  // THRESH_FILE_SYSTEM_H_
