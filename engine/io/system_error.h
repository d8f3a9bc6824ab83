// Turns a failed system call into an Error that a user can act on.
#ifndef THRESH_IO_SYSTEM_ERROR_H_
#define THRESH_IO_SYSTEM_ERROR_H_

#include <cstdint>
#include <string>

#include "thresh/result.h"

namespace thresh {

// What a file was used for when a call failed.
enum class FileUse : uint8_t { kReading, kWriting };

// What the user can do about it; may be empty. Static storage.
[[nodiscard]] const char* RemedyFor(int code, FileUse use);

// The kIo error of a call on `file` that failed with `code`, a value of errno,
// while it was read.
Error SystemError(int code, std::string file);

// The error of a `file` that ended before the size that it had when it was
// opened.
Error ShrunkError(std::string file);

}  // namespace thresh

#endif  // THRESH_IO_SYSTEM_ERROR_H_
