// Reads small files and parts of files, and handles short counts and
// interruptions. Archives are read by input/.
#ifndef THRESH_IO_READ_H_
#define THRESH_IO_READ_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "io/descriptor.h"

namespace thresh {

// Opens `path` for reading, with `flags` as in open(2) besides. Not open, and
// errno, on failure.
[[nodiscard]] Descriptor OpenToRead(const std::string& path, int flags = 0);

// Fills `out` from `offset` on. Returns the number of bytes read, which is less
// only at the file's end; null and errno if the file cannot be read.
[[nodiscard]] std::optional<size_t> ReadAt(int file, uint64_t offset,
                                           std::span<uint8_t> out);

// The content of `file` up to its end, or its first `max_size` + 1 bytes if
// there are more. Null and errno if it cannot be read.
[[nodiscard]] std::optional<std::string> ReadToEnd(int file, size_t max_size);

}  // namespace thresh

#endif  // THRESH_IO_READ_H_
