// Copies and compares runs of bytes that are as short as keys and small
// records: for them a call of memcpy or memcmp costs more than its work.
#ifndef THRESH_RECORD_SHORT_BYTES_H_
#define THRESH_RECORD_SHORT_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace thresh {

// Sixteen bytes, or eight, as the compiler keeps them in registers.
struct Sixteen {
  uint64_t first;
  uint64_t second;
};

template <typename Word>
Word LoadWord(const void* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

inline bool Same(uint64_t a, uint64_t b) { return a == b; }
inline bool Same(const Sixteen& a, const Sixteen& b) {
  return ((a.first ^ b.first) | (a.second ^ b.second)) == 0;
}

template <typename Word>
void StoreWord(Word word, void* to) {
  std::memcpy(to, &word, sizeof(word));
}

// Both ends, which meet or overlap, for sizes of one Word to two.
template <typename Word>
void CopyEnds(const uint8_t* from, size_t size, uint8_t* to) {
  const Word first = LoadWord<Word>(from);
  const Word last = LoadWord<Word>(from + size - sizeof(Word));
  StoreWord(first, to);
  StoreWord(last, to + size - sizeof(Word));
}

template <typename Word>
bool SameEnds(const uint8_t* a, const uint8_t* b, size_t size) {
  const size_t last = size - sizeof(Word);
  return Same(LoadWord<Word>(a), LoadWord<Word>(b)) &&
         Same(LoadWord<Word>(a + last), LoadWord<Word>(b + last));
}

// Like memcpy, but if `size` is 0 the pointers may be null.
inline void CopyShort(const uint8_t* from, size_t size, uint8_t* to) {
  constexpr size_t kWord = sizeof(Sixteen);
  if (size > kWord && size <= 256) {
    const auto last = LoadWord<Sixteen>(from + size - kWord);
    for (size_t i = 0; i < size - kWord; i += kWord) {
      StoreWord(LoadWord<Sixteen>(from + i), to + i);
    }
    StoreWord(last, to + size - kWord);
  } else if (size >= 8 && size <= kWord) {
    CopyEnds<uint64_t>(from, size, to);
  } else if (size > 0) {
    std::memcpy(to, from, size);
  }
}

// Whether the bytes are equal. If `size` is 0 the pointers may be null.
inline bool SameShort(const uint8_t* a, const uint8_t* b, size_t size) {
  if (size >= 16 && size <= 32) return SameEnds<Sixteen>(a, b, size);
  if (size >= 8 && size < 16) return SameEnds<uint64_t>(a, b, size);
  return size == 0 || std::memcmp(a, b, size) == 0;
}

}  // namespace thresh

#endif  // THRESH_RECORD_SHORT_BYTES_H_
