// Reading small files and parts of files, with short counts and interruptions
// made up for. Archives are read by the room input/.
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
// errno, if that fails.
[[nodiscard]] Descriptor OpenToRead(const std::string& path, int flags = 0);

// Fills `out` from `offset` on. Returns how much there was, which is less only
// at the file's end; null and errno if the file cannot be read.
[[nodiscard]] std::optional<size_t> ReadAt(int file, uint64_t offset,
                                           std::span<uint8_t> out);

// What is in `file` up to its end, or `most` bytes and one of it if there are
// more. Null and errno if it cannot be read.
[[nodiscard]] std::optional<std::string> ReadToEnd(int file, size_t most);

}  // namespace thresh

#endif  // THRESH_IO_READ_H_
