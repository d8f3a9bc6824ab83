// Creates errors that do not concern a position in a file.
#ifndef THRESH_TOOLS_KINESIS_FAILED_H_
#define THRESH_TOOLS_KINESIS_FAILED_H_

#include <string>
#include <utility>

#include "thresh/result.h"

namespace thresh::kinesis {

inline tl::unexpected<Error> Failed(ErrorCode code, std::string message,
                                    std::string remedy = {},
                                    std::string file = {}) {
  return tl::unexpected(Error{.code = code,
                              .file = std::move(file),
                              .offset = std::nullopt,
                              .message = std::move(message),
                              .remedy = std::move(remedy)});
}

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_FAILED_H_
