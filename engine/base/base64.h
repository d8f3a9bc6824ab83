// Base64 with the standard alphabet and padding (RFC 4648, section 4).
#ifndef THRESH_BASE_BASE64_H_
#define THRESH_BASE_BASE64_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "thresh/bytes.h"

namespace thresh {

// The length of the encoding of `size` bytes, padding included.
constexpr size_t Base64EncodedSize(size_t size) { return (size + 2) / 3 * 4; }

// Writes the encoding of `data` to `out`, which has room for
// Base64EncodedSize(data.size()) bytes. Nothing else is written.
void Base64Encode(Bytes data, uint8_t* out);

// The encoding of `data`.
inline std::string Base64Text(Bytes data) {
  std::string text(Base64EncodedSize(data.size()), '\0');
  Base64Encode(data, reinterpret_cast<uint8_t*>(text.data()));
  return text;
}

// An upper bound of the bytes that `text_size` characters decode to.
constexpr size_t Base64DecodedBound(size_t text_size) {
  return text_size / 4 * 3;
}

// Decodes `text` into `out`, which has room for Base64DecodedBound(text.size())
// bytes, and returns the bytes written. Null, with `out` unspecified, unless
// `text` is exactly what Base64Encode writes for some bytes: so no white
// space, no missing padding, no stray bits before the padding.
std::optional<size_t> Base64Decode(Bytes text, uint8_t* out);

}  // namespace thresh

#endif  // THRESH_BASE_BASE64_H_
