// A memory-mapped regular file that can be read even if other programs change
// the file.
#ifndef THRESH_IO_MAPPED_FILE_H_
#define THRESH_IO_MAPPED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "io/file_descriptor.h"
#include "io/memory_owner.h"
#include "io/sigbus_guard.h"
#include "thresh/bytes.h"

namespace thresh {

class MappedFile {
 public:
  // Maps the first `size` bytes (at least 1) of `descriptor`. Null if that is
  // not possible, or not safe: the file must then be read instead.
  static std::shared_ptr<const MappedFile> Map(
      std::shared_ptr<const FileDescriptor> descriptor, size_t size);

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] Bytes bytes() const { return bytes_; }

  // As MemoryOwner::FaultOffset. Exact to the byte if the file was truncated
  // and is still short; otherwise the start of a page. Thread-safe.
  [[nodiscard]] std::optional<uint64_t> FaultOffset() const;

  // Asks the kernel to fetch a part that will be read soon, unless its end is
  // in memory.
  void Prefetch(size_t offset, size_t size) const;

  // Releases the pages of a part that has been read to the page cache, so that
  // the process's memory does not grow with the file. Reading it again is
  // allowed, but slower.
  void Release(size_t offset, size_t size) const;

 private:
  MappedFile(std::shared_ptr<const FileDescriptor> descriptor, Bytes bytes)
      : descriptor_(std::move(descriptor)), bytes_(bytes), guard_(bytes) {}

  [[nodiscard]] bool IsCached(size_t offset) const;

  std::shared_ptr<const FileDescriptor> descriptor_;
  Bytes bytes_;
  std::optional<SigbusGuard> guard_;
};

}  // namespace thresh

#endif  // THRESH_IO_MAPPED_FILE_H_
