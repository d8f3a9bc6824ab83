// Turns a system call that failed while a file was written into an Error that
// a user can act on.
#ifndef THRESH_IO_WRITE_ERROR_H_
#define THRESH_IO_WRITE_ERROR_H_

#include <string>

#include "thresh/result.h"

namespace thresh {

// The kIo error of a call on `file` that failed with `code`, a value of errno;
// `action` completes "cannot ...".
[[nodiscard]] tl::unexpected<Error> WriteError(const std::string& file,
                                               const std::string& action,
                                               int code);

// The kIo error of a `file` that is not what may be written or trusted:
// `problem` completes "FILE: ...".
[[nodiscard]] tl::unexpected<Error> RefusedFile(const std::string& file,
                                                const std::string& problem,
                                                const std::string& remedy);

}  // namespace thresh

#endif  // THRESH_IO_WRITE_ERROR_H_
