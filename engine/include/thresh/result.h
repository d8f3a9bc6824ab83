// Errors of the world around the data: files, options, containers that cannot
// be read on. Bad records are not errors; they get a verdict (verdict.h).
#ifndef THRESH_RESULT_H_
#define THRESH_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "thresh/export.h"

namespace thresh {

enum class ErrorCode : uint8_t {
  kInvalidArgument,  // an option or a combination of options makes no sense
  kIo,               // the operating system refused to open, read or write
  kContainer,        // the bytes are not, or no longer, the container's
  kSuspect,          // SuspectPolicy::kFail met its first suspect
  kMemory,           // of the machine, or Filter::dedupe_memory, is too small
  kTooLarge,         // a user record fits in no blob (aggregator.h)
};

struct Error {
  ErrorCode code = ErrorCode::kIo;
  std::string file;                // "-" for standard input; empty if none
  std::optional<uint64_t> offset;  // bytes from the start of the container
  std::string message;             // what is wrong, no final full stop
  std::string remedy;              // what the user can do; may be empty

  // "FILE: offset N: MESSAGE; REMEDY", leaving out what is absent. In one line,
  // with control characters and those that are not seen written as \xNN: all
  // parts may quote names and data.
  [[nodiscard]] THRESH_EXPORT std::string ToString() const;
};

template <typename T>
using Result = tl::expected<T, Error>;

}  // namespace thresh

#endif  // THRESH_RESULT_H_
