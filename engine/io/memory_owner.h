// The owner of bytes of an input: a mapping or a buffer.
#ifndef THRESH_IO_MEMORY_OWNER_H_
#define THRESH_IO_MEMORY_OWNER_H_

#include <cstdint>
#include <optional>

namespace thresh {

class MemoryOwner {
 public:
  virtual ~MemoryOwner() = default;
  // For a mapped file: the lowest offset in the file at which the kernel could
  // not deliver the mapped bytes (the file was truncated, or the disk failed)
  // since it was mapped. Bytes from there on read as zeros. Thread-safe.
  [[nodiscard]] virtual std::optional<uint64_t> FaultOffset() const {
    return std::nullopt;
  }
};

}  // namespace thresh

#endif  // THRESH_IO_MEMORY_OWNER_H_
