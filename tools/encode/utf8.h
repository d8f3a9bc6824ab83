// Whether bytes may stand in a JSON string as they are.
#ifndef THRESH_TOOLS_ENCODE_UTF8_H_
#define THRESH_TOOLS_ENCODE_UTF8_H_

#include "thresh/bytes.h"

namespace thresh {

// Whether `bytes` are valid UTF-8: no overlong forms, no surrogates, nothing
// above U+10FFFF.
[[nodiscard]] bool IsValidUtf8(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_TOOLS_ENCODE_UTF8_H_
