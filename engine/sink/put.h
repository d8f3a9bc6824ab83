// Writes to memory that is known to be large enough. Each function writes at
// `at` and returns the end of what it wrote. A chain of them keeps its position
// in a register, whereas appending to a buffer would load and store its size
// each time: the compiler must assume that a stored byte aliases it.
#ifndef THRESH_SINK_PUT_H_
#define THRESH_SINK_PUT_H_

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/base64.h"
#include "thresh/bytes.h"
#include "thresh/output_buffer.h"

namespace thresh {

// Characters of the longest 64-bit number.
inline constexpr size_t kLongestNumber =
    std::numeric_limits<uint64_t>::digits10 + 1;

// The end of `out`, after which `size` bytes can be written.
inline uint8_t* RoomFor(size_t size, OutputBuffer* out) {
  out->Reserve(out->size() + size);
  return out->end();
}

// Sets the end of `out` to `at`, which is in the room after it.
inline void EndAt(const uint8_t* at, OutputBuffer* out) {
  out->Resize(static_cast<size_t>(at - out->data()));
}

inline uint8_t* Put(Bytes bytes, uint8_t* at) {
  return std::copy(bytes.begin(), bytes.end(), at);
}

inline uint8_t* Put(std::string_view text, uint8_t* at) {
  return Put(AsBytes(text), at);
}

// Takes kLongestNumber bytes at most.
inline uint8_t* PutNumber(uint64_t number, uint8_t* at) {
  char* const text = reinterpret_cast<char*>(at);
  return at + (std::to_chars(text, text + kLongestNumber, number).ptr - text);
}

// Takes Base64EncodedSize(data.size()) bytes.
inline uint8_t* PutBase64(Bytes data, uint8_t* at) {
  Base64Encode(data, at);
  return at + Base64EncodedSize(data.size());
}

}  // namespace thresh

#endif  // THRESH_SINK_PUT_H_
