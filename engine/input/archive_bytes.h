// The bytes of an archive as libarchive requests them.
#ifndef THRESH_INPUT_ARCHIVE_BYTES_H_
#define THRESH_INPUT_ARCHIVE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "io/byte_stream.h"
#include "thresh/bytes.h"
#include "thresh/file_system.h"
#include "thresh/result.h"

namespace thresh {

class ArchiveBytes {
 public:
  virtual ~ArchiveBytes() = default;

  // The next bytes, valid until the next call; empty at the end.
  virtual Bytes Read() = 0;
  // Once Read has returned no bytes: why they end early.
  [[nodiscard]] virtual std::optional<Error> error() const = 0;

  // The total size, for bytes that Seek can access at any offset; null for a
  // stream.
  [[nodiscard]] virtual std::optional<uint64_t> size() const {
    return std::nullopt;
  }
  // The next Read starts at `offset`, at most size(). Only if there is a size.
  virtual void Seek(uint64_t /*offset*/) {}

  // For bytes that are decompressed as they are read: how many of the stored
  // ones have been consumed.
  [[nodiscard]] virtual std::optional<uint64_t> compressed_offset() const {
    return std::nullopt;
  }
};

// `stream` must be at its start.
std::unique_ptr<ArchiveBytes> NewStreamBytes(
    std::unique_ptr<ByteStream> stream);

// A file, which its users may read at the same time. `name` is its name in
// errors.
std::unique_ptr<ArchiveBytes> NewFileBytes(std::shared_ptr<StoredFile> file,
                                           std::string name);

// `bytes` must outlive it.
std::unique_ptr<ArchiveBytes> NewMemoryBytes(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_INPUT_ARCHIVE_BYTES_H_
