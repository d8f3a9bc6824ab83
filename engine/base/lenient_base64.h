// Base64 in the variants that other programs write.
#ifndef THRESH_BASE_LENIENT_BASE64_H_
#define THRESH_BASE_LENIENT_BASE64_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "thresh/bytes.h"

namespace thresh {

// The maximum number of bytes that `text_size` characters decode to.
constexpr size_t LenientBase64Size(size_t text_size) {
  return text_size / 4 * 3 + text_size % 4 * 3 / 4;
}

// Decodes `text` into `out`, which has room for LenientBase64Size(text.size())
// bytes, and returns the bytes written. Unlike Base64Decode it accepts the
// alphabet of RFC 4648, section 5 (base64url), text without padding, and white
// space anywhere. Null, with `out` unspecified, for a text with characters of
// both alphabets, with padding that is incomplete or not at the end, with stray
// bits, or without any character of base64.
std::optional<size_t> LenientBase64Decode(Bytes text, uint8_t* out);

}  // namespace thresh

#endif  // THRESH_BASE_LENIENT_BASE64_H_
