// Base64 with the standard alphabet and padding (RFC 4648, section 4), for
// tools that print bytes. The library has a faster one of its own.
#ifndef THRESH_TOOLS_ENCODE_BASE64_H_
#define THRESH_TOOLS_ENCODE_BASE64_H_

#include <string>
#include <vector>

#include "thresh/bytes.h"

namespace thresh {

// Appends the encoding of `data` to `out`.
void AppendBase64(Bytes data, std::vector<uint8_t>* out);

// The encoding of `data`.
[[nodiscard]] std::string ToBase64(Bytes data);

}  // namespace thresh

#endif  // THRESH_TOOLS_ENCODE_BASE64_H_
