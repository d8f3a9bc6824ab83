// What a run asks about its inputs before it opens them.
#ifndef THRESH_STORAGE_SIZES_H_
#define THRESH_STORAGE_SIZES_H_

#include <cstdint>
#include <optional>
#include <string>

namespace thresh {

// The size in bytes of the regular or stored file at `path`; null if it is not
// one, or cannot be examined.
[[nodiscard]] std::optional<uint64_t> SizeOfFile(const std::string& path);

// Whether opening and reading `path` may wait for another program to write to
// it, as a pipe's reader does.
[[nodiscard]] bool MayWaitForWriter(const std::string& path);

}  // namespace thresh

#endif  // THRESH_STORAGE_SIZES_H_
