// Turns a failed system call into an Error that a user can act on.
#ifndef THRESH_IO_SYSTEM_ERROR_H_
#define THRESH_IO_SYSTEM_ERROR_H_

#include <string>

#include "thresh/result.h"

namespace thresh {

// The kIo error of a call on `file` that failed with `code`, a value of errno.
Error SystemError(int code, std::string file);

// That of a `file` which ended before the size that it had when it was opened.
Error ShrunkError(std::string file);

}  // namespace thresh

#endif  // THRESH_IO_SYSTEM_ERROR_H_
