// See text_output.h. Not stdio, which treats an interruption as a failure, and
// also a full pipe that another program has made non-blocking.
#include "cli/report/text_output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/errors.h"

namespace thresh::cli {
namespace {

constexpr size_t kMaxHeld = size_t{16} << 10;

std::string held;     // not written yet
int first_error = 0;  // errno of the first failed write

void WriteHeld() {
  std::string_view rest = held;
  while (!rest.empty() && first_error == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      struct pollfd wanted = {
          .fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
      ::poll(&wanted, 1, -1);
    } else if (errno != EINTR) {
      first_error = errno;
    }
  }
  held.clear();
}

}  // namespace

void PrintOutput(std::string_view text) {
  if (first_error != 0) return;
  held += text;
  static const bool is_watched = isatty(STDOUT_FILENO) == 1;
  if (is_watched || held.size() >= kMaxHeld) WriteHeld();
}

Result<void> FlushOutput() {
  WriteHeld();
  if (first_error == 0) return {};
  return tl::unexpected(
      IoError("standard output", std::strerror(first_error), {}));
}

}  // namespace thresh::cli
