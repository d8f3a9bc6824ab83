// The remedies stand here, in one table, so that the same failure reads the
// same wherever it is met.
#include "io/system_error.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace thresh {
namespace {

const char* RemedyFor(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return "check the name";
    case EACCES:
    case EPERM:
      return "check the permissions of the file and of the directories above";
    case EISDIR:
      return "name the files in it";
    case ELOOP:
      return "check the symbolic links on the way";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    case ENOMEM:
      return "free some memory, or use fewer jobs";
    case EIO:
      return "check the disk, or fetch the file again";
    default:
      return "";
  }
}

}  // namespace

Error SystemError(int code, std::string file) {
  return Error{.code = ErrorCode::kIo,
               .file = std::move(file),
               .offset = std::nullopt,
               .message = std::generic_category().message(code),
               .remedy = RemedyFor(code)};
}

Error ShrunkError(std::string file) {
  return Error{.code = ErrorCode::kIo,
               .file = std::move(file),
               .offset = std::nullopt,
               .message = "file shrank while it was read",
               .remedy = "let no other program write to it meanwhile"};
}

}  // namespace thresh
