// Numbers in the headers of compressed files.
#ifndef THRESH_BASE_BYTE_ORDER_H_
#define THRESH_BASE_BYTE_ORDER_H_

#include <cstddef>
#include <cstdint>

namespace thresh {

// Each reads as many bytes as its number has.

inline uint64_t LoadLe(const uint8_t* bytes, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value |= static_cast<uint64_t>(bytes[i]) << (8 * i);
  }
  return value;
}

inline uint16_t LoadU16Le(const uint8_t* bytes) {
  return static_cast<uint16_t>(LoadLe(bytes, 2));
}

inline uint32_t LoadU32Le(const uint8_t* bytes) {
  return static_cast<uint32_t>(LoadLe(bytes, 4));
}

inline uint64_t LoadU64Le(const uint8_t* bytes) { return LoadLe(bytes, 8); }

inline uint32_t LoadU32Be(const uint8_t* bytes) {
  return __builtin_bswap32(LoadU32Le(bytes));
}

}  // namespace thresh

#endif  // THRESH_BASE_BYTE_ORDER_H_
