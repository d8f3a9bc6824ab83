// The remedies are in one table, so that the same failure reads the same
// whatever was being written.
#include "io/write_error.h"

#include <cerrno>
#include <system_error>

#include "base/errors.h"

namespace thresh {
namespace {

const char* WriteRemedy(int code) {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      return "free space there or write elsewhere";
    case EACCES:
    case EPERM:
    case EROFS:
      return "write to a directory that you have the permission to change";
    case ENOENT:
    case ENOTDIR:
      return "create its directory first";
    case EISDIR:
      return "name a file in it";
    case ELOOP:
      return "check the symbolic links on the way";
    case EIO:
      return "check the disk, or write elsewhere";
    case EFAULT:  // the kernel met the hole where a user would get SIGBUS
      return "a mapped input was truncated, or its storage failed: let no one "
             "write to it and run again, or read it instead of mapping it";
    case EPIPE:
      return "the program that reads it ended early";
    case EWOULDBLOCK:
      return "another run is writing it: wait for it or choose another name";
    default:
      return "";
  }
}

}  // namespace

tl::unexpected<Error> WriteError(const std::string& file,
                                 const std::string& action, int code) {
  const std::error_code reason(code, std::generic_category());
  return tl::unexpected(IoError(
      file, "cannot " + action + ": " + reason.message(), WriteRemedy(code),
      code == EFAULT ? ErrorDetail::kMappedInputInOutput : ErrorDetail::kNone));
}

tl::unexpected<Error> RefusedFile(const std::string& file,
                                  const std::string& problem,
                                  const std::string& remedy) {
  return tl::unexpected(IoError(file, problem, remedy));
}

}  // namespace thresh
