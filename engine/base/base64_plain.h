// Base64 without vectors: the portable twin of the kernels, which use it for
// input that is too short for them.
#ifndef THRESH_BASE_BASE64_PLAIN_H_
#define THRESH_BASE_BASE64_PLAIN_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "thresh/bytes.h"

namespace thresh::base64 {

// Shorter data is faster without vectors, and is not passed to them.
inline constexpr size_t kShortestData = 36;
inline constexpr size_t kShortestText = 20;

// See Base64Encode.
void EncodePlain(Bytes data, uint8_t* out);

// See Base64Decode. `text` is not empty and consists of whole groups of four.
std::optional<size_t> DecodePlain(Bytes text, uint8_t* out);

// Encodes the 1 or 2 bytes after the last whole group of three.
void EncodeLast(const uint8_t* in, size_t size, uint8_t* out);

// Decodes the four characters of the last group, the only one that may be
// padded.
std::optional<size_t> DecodeLast(const uint8_t* text, uint8_t* out);

}  // namespace thresh::base64

#endif  // THRESH_BASE_BASE64_PLAIN_H_
