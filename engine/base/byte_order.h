// Numbers as bytes, lowest first (Le) or highest first (Be), on any machine.
#ifndef THRESH_BASE_BYTE_ORDER_H_
#define THRESH_BASE_BYTE_ORDER_H_

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace thresh {

template <std::unsigned_integral Word>
Word Reversed(Word word) {
  static_assert(sizeof(Word) == 2 || sizeof(Word) == 4 || sizeof(Word) == 8);
  if constexpr (sizeof(Word) == 2) return __builtin_bswap16(word);
  if constexpr (sizeof(Word) == 4) return __builtin_bswap32(word);
  if constexpr (sizeof(Word) == 8) return __builtin_bswap64(word);
}

// Converts between the machine's order and the one in the name, either way.
template <std::unsigned_integral Word>
Word AsLe(Word word) {
  return std::endian::native == std::endian::little ? word : Reversed(word);
}
template <std::unsigned_integral Word>
Word AsBe(Word word) {
  return std::endian::native == std::endian::little ? Reversed(word) : word;
}

// Each reads or writes sizeof(Word) bytes.
template <std::unsigned_integral Word>
Word LoadLe(const uint8_t* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return AsLe(word);
}
template <std::unsigned_integral Word>
Word LoadBe(const uint8_t* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return AsBe(word);
}
template <std::unsigned_integral Word>
void StoreLe(Word word, uint8_t* to) {
  word = AsLe(word);
  std::memcpy(to, &word, sizeof(word));
}
template <std::unsigned_integral Word>
void StoreBe(Word word, uint8_t* to) {
  word = AsBe(word);
  std::memcpy(to, &word, sizeof(word));
}

// A number of `size` bytes, at most eight.
inline uint64_t LoadLe(const uint8_t* from, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value |= static_cast<uint64_t>(from[i]) << (8 * i);
  }
  return value;
}

}  // namespace thresh

#endif  // THRESH_BASE_BYTE_ORDER_H_
