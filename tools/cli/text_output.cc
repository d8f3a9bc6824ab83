// See text_output.h.
#include "cli/text_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace thresh::cli {
namespace {

int first_error = 0;  // errno of the first failed write

}  // namespace

void PrintOutput(std::string_view text) {
  if (first_error != 0) return;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    first_error = errno != 0 ? errno : EIO;
  }
}

Result<void> FlushOutput() {
  errno = 0;
  if (std::fflush(stdout) != 0 && first_error == 0) {
    first_error = errno != 0 ? errno : EIO;
  }
  if (first_error == 0) return {};
  return tl::unexpected(Error{.code = ErrorCode::kIo,
                              .file = "standard output",
                              .offset = {},
                              .message = std::strerror(first_error),
                              .remedy = {}});
}

}  // namespace thresh::cli
