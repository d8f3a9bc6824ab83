// The one form of this room's complaints about a filter.
#ifndef THRESH_FILTER_INVALID_H_
#define THRESH_FILTER_INVALID_H_

#include <string>
#include <utility>

#include "thresh/result.h"

namespace thresh {

inline tl::unexpected<Error> InvalidFilter(std::string message,
                                           std::string remedy) {
  return tl::unexpected(Error{.code = ErrorCode::kInvalidArgument,
                              .file = {},
                              .offset = {},
                              .message = std::move(message),
                              .remedy = std::move(remedy)});
}

}  // namespace thresh

#endif  // THRESH_FILTER_INVALID_H_
