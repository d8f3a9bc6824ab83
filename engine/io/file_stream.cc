// The only place that reads inputs with read(2), and handles its errors.
#include "io/file_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/system_error.h"

namespace thresh {
namespace {

// The bytes that the kernel fetches, without advice, when a file's start is
// read.
constexpr uint64_t kReadAhead = uint64_t{128} << 10;

}  // namespace

FileStream::FileStream(std::shared_ptr<const FileDescriptor> descriptor,
                       std::string file, std::optional<uint64_t> size,
                       std::stop_token stop)
    : descriptor_(std::move(descriptor)),
      file_(std::move(file)),
      size_(size),
      stop_(std::move(stop)) {
  // Advice only: it fails for pipes, and nothing depends on it.
  if (size.has_value() && *size <= kReadAhead) return;
  (void)::posix_fadvise(descriptor_->number(), 0, 0, POSIX_FADV_SEQUENTIAL);
}

size_t FileStream::Read(std::span<uint8_t> out) {
  if (size_.has_value() && out.size() > *size_ - offset_) {
    out = out.first(static_cast<size_t>(*size_ - offset_));
  }
  if (out.empty()) done_ = true;
  while (!done_) {
    if (!AwaitInput()) {
      done_ = true;
      break;
    }
    const ssize_t got = ::read(descriptor_->number(), out.data(), out.size());
    if (got > 0) {
      offset_ += static_cast<uint64_t>(got);
      return static_cast<size_t>(got);
    }
    if (got == 0) {
      OnEnd();
    } else if (const int code = errno; !WaitIfNotReady(code)) {
      done_ = true;
      error_ = SystemError(code, file_);
      error_->offset = offset_;
    }
  }
  return 0;
}

// Waits until something can be read. False if reading is to stop.
bool FileStream::AwaitInput() const {
  constexpr int kMilliseconds = 100;
  if (size_.has_value() || !stop_.stop_possible()) return true;
  while (!stop_.stop_requested()) {
    pollfd ready{.fd = descriptor_->number(), .events = POLLIN, .revents = 0};
    const int found = ::poll(&ready, 1, kMilliseconds);
    // What fails here fails in read(2) as well, which says why.
    if (found > 0 || (found < 0 && errno != EINTR)) return true;
  }
  return false;
}

void FileStream::OnEnd() {
  done_ = true;
  if (!size_.has_value()) return;
  error_ = ShrunkError(file_);
  error_->offset = offset_;
}

// Whether to repeat the call that failed with `code`: a signal interrupted it,
// or another program made the descriptor non-blocking (a terminal or a pipe
// shared with another program).
bool FileStream::WaitIfNotReady(int code) const {
  if (code == EINTR) return true;
  if (code != EAGAIN && code != EWOULDBLOCK) return false;
  pollfd ready{.fd = descriptor_->number(), .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace thresh
