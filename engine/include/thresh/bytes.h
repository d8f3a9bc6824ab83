// The one way in which Thresh names a run of bytes that somebody else owns.
#ifndef THRESH_BYTES_H_
#define THRESH_BYTES_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace thresh {

// A view of bytes. It owns nothing; each declaration that returns one says
// what keeps the bytes alive.
using Bytes = std::span<const uint8_t>;

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace thresh

#endif  // THRESH_BYTES_H_
