// See read.h.
#include "io/read.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "io/system_call.h"

namespace thresh {
namespace {

// Waits until a descriptor that another program made non-blocking is readable.
void AwaitContent(int file) {
  struct pollfd wanted = {.fd = file, .events = POLLIN, .revents = 0};
  ::poll(&wanted, 1, -1);
}

}  // namespace

Descriptor OpenToRead(const std::string& path, int flags) {
  return Descriptor(Uninterrupted([&path, flags] {
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
  }));
}

std::optional<size_t> ReadAt(int file, uint64_t offset,
                             std::span<uint8_t> out) {
  size_t size = 0;
  while (size < out.size()) {
    const ssize_t got = Uninterrupted([&] {
      return ::pread(file, out.data() + size, out.size() - size,
                     static_cast<off_t>(offset + size));
    });
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  return size;
}

std::optional<std::string> ReadToEnd(int file, size_t max_size) {
  constexpr size_t kPiece = size_t{64} << 10;
  std::string text;
  while (text.size() <= max_size) {
    const size_t size = text.size();
    text.resize(size + std::min(kPiece, max_size + 1 - size));
    const ssize_t got = Uninterrupted(
        [&] { return ::read(file, text.data() + size, text.size() - size); });
    text.resize(size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) break;
    if (got < 0) {
      if (errno != EAGAIN) return std::nullopt;
      AwaitContent(file);
    }
  }
  return text;
}

}  // namespace thresh
