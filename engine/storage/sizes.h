// What a run asks of its inputs before it opens them.
#ifndef THRESH_STORAGE_SIZES_H_
#define THRESH_STORAGE_SIZES_H_

#include <cstdint>
#include <optional>
#include <string>

namespace thresh {

// Bytes of the file at `path`; none if it is no regular or stored file, or
// cannot be looked at.
std::optional<uint64_t> SizeOfFile(const std::string& path);

}  // namespace thresh

#endif  // THRESH_STORAGE_SIZES_H_
