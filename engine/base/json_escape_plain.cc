// Eight bytes at a time, as the bytes of a number.
#include <algorithm>
#include <bit>
#include <cstring>

#include "base/byte_order.h"
#include "base/json_escape.h"

namespace thresh::json {
namespace {

constexpr size_t kWord = sizeof(uint64_t);
constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighBits = kOnes * 0x80;

uint64_t Load(const uint8_t* from) { return LoadLe<uint64_t>(from); }

void Store(uint64_t word, uint8_t* to) { StoreLe(word, to); }

// A word whose lowest set bit is the high bit of the first byte below `bound`
// (at most 0x80); zero if there is none. Bits above the lowest are meaningless:
// the subtraction borrows from the bytes that follow.
constexpr uint64_t FirstBelow(uint64_t word, uint8_t bound) {
  return (word - kOnes * bound) & ~word & kHighBits;
}

// The number of bytes of `word` before the first that must be escaped or may
// begin a C1 control.
size_t PlainBytes(uint64_t word) {
  const uint64_t found =
      FirstBelow(word, 0x20) | FirstBelow(word ^ kOnes * '"', 1) |
      FirstBelow(word ^ kOnes * '\\', 1) | FirstBelow(word ^ kOnes * 0x7F, 1) |
      FirstBelow(word ^ kOnes * kC1Lead, 1);
  return static_cast<size_t>(std::countr_zero(found)) / 8;
}

// The last `count` bytes of `text`, fewer than a word, with zeros above them.
uint64_t LoadLast(Bytes text, size_t count) {
  if (count == 0) return 0;
  const uint8_t* const end = text.data() + text.size();
  if (text.size() >= kWord) return Load(end - kWord) >> 8 * (kWord - count);
  uint64_t word = 0;
  for (size_t i = 1; i <= count; ++i) word = word << 8 | *(end - i);
  return word;
}

}  // namespace

uint8_t* EscapeRest(Bytes text, size_t done, uint8_t* out) {
  const uint8_t* in = text.data() + done;
  size_t left = text.size() - done;
  while (left >= kWord) {
    const uint64_t word = Load(in);
    const size_t plain = PlainBytes(word);
    // Stores the whole word: the next output overwrites the rest.
    Store(word, out);
    in += plain;
    out += plain;
    left -= plain;
    if (plain == kWord) continue;
    const size_t size = left > 1 && IsC1(in[0], in[1]) ? 2 : 1;
    out = PutEscape(in[size - 1], out);
    in += size;
    left -= size;
  }
  for (uint64_t word = LoadLast(text, left); left > 0;) {
    const size_t plain = std::min(PlainBytes(word), left);
    Store(word, out);
    out += plain;
    left -= plain;
    if (left == 0) break;
    word >>= 8 * plain;
    auto byte = static_cast<uint8_t>(word);
    word >>= 8;
    --left;
    // The bytes past the last one are zeros.
    if (const auto next = static_cast<uint8_t>(word); IsC1(byte, next)) {
      byte = next;
      word >>= 8;
      --left;
    }
    out = PutEscape(byte, out);
  }
  return out;
}

uint8_t* EscapePlain(Bytes text, uint8_t* out) {
  return EscapeRest(text, 0, out);
}

}  // namespace thresh::json
