// See write_error.h.
#include "io/write_error.h"

#include <cerrno>
#include <system_error>

#include "base/errors.h"
#include "io/system_error.h"

namespace thresh {

tl::unexpected<Error> WriteError(const std::string& file,
                                 const std::string& action, int code) {
  const std::error_code reason(code, std::generic_category());
  return tl::unexpected(IoError(
      file, "cannot " + action + ": " + reason.message(),
      RemedyFor(code, FileUse::kWriting),
      code == EFAULT ? ErrorDetail::kMappedInputInOutput : ErrorDetail::kNone));
}

tl::unexpected<Error> RefusedFile(const std::string& file,
                                  const std::string& problem,
                                  const std::string& remedy) {
  return tl::unexpected(IoError(file, problem, remedy));
}

}  // namespace thresh
