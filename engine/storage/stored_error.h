// Errors of registered file systems, which need not name the path.
#ifndef THRESH_STORAGE_STORED_ERROR_H_
#define THRESH_STORAGE_STORED_ERROR_H_

#include <string>
#include <utility>

#include "thresh/result.h"

namespace thresh {

// `error` of a call for `path`. Its code is kIo whatever the file system set,
// because it decides whether a result is incomplete.
[[nodiscard]] inline tl::unexpected<Error> StoredError(
    Error error, const std::string& path) {
  error.code = ErrorCode::kIo;
  error.file = path;
  return tl::unexpected(std::move(error));
}

}  // namespace thresh

#endif  // THRESH_STORAGE_STORED_ERROR_H_
