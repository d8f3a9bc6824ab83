// The type of a view of bytes throughout Thresh.
#ifndef THRESH_BYTES_H_
#define THRESH_BYTES_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace thresh {

// A view of bytes. It does not own them; each declaration that returns one
// documents what keeps the bytes alive.
using Bytes = std::span<const uint8_t>;

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace thresh

#endif  // THRESH_BYTES_H_
