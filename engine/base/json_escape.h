// The content of a JSON string: copies bytes, except the few that must be
// escaped.
#ifndef THRESH_BASE_JSON_ESCAPE_H_
#define THRESH_BASE_JSON_ESCAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "thresh/bytes.h"

namespace thresh {

// The longest escape of one byte.
inline constexpr size_t kLongestJsonEscape = 6;
// How far EscapeJson may write past the end of its output.
inline constexpr size_t kJsonEscapeSlack = 64;

// Writes `text` to `out` with quotes, backslashes and control characters (C0,
// DEL, and C1 in UTF-8) escaped, and returns the end of what it wrote. `out`
// must have kLongestJsonEscape bytes for each one of `text`, and
// kJsonEscapeSlack more. A C1 control whose two bytes are in two texts is not
// escaped.
uint8_t* EscapeJson(Bytes text, uint8_t* out);

namespace json {

// The same without vectors: the portable twin of the kernels.
uint8_t* EscapePlain(Bytes text, uint8_t* out);

// The same for the bytes after the first `done` of `text`. The kernels use it
// for the end of a text.
uint8_t* EscapeRest(Bytes text, size_t done, uint8_t* out);

// The first byte of a C1 control, of U+00A0 to U+00BF too.
inline constexpr uint8_t kC1Lead = 0xC2;

// Whether two bytes are one of U+0080 to U+009F.
constexpr bool IsC1(uint8_t byte, uint8_t next) {
  return byte == kC1Lead && (next & 0xE0) == 0x80;
}

// Bytes other than C0 controls that are escaped or may begin an escaped
// character, each at the index of its high four bits; all else is zero, which
// is a C0 control.
inline constexpr std::array<uint8_t, 16> kSpecials = [] {
  std::array<uint8_t, 16> specials{};
  for (const uint8_t byte :
       {uint8_t{'"'}, uint8_t{'\\'}, uint8_t{0x7F}, kC1Lead}) {
    specials[byte >> 4] = byte;
  }
  return specials;
}();

// The replacement of a byte. Those of 0x80 to 0x9F are for C1 controls that end
// in that byte; the one of kC1Lead is for other characters, and is that byte.
struct Escape {
  std::array<char, 7> text;
  uint8_t size;
};
static_assert(sizeof(Escape) == 8, "to be copied by one instruction");

inline constexpr auto kEscapes = [] {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<Escape, 256> escapes{};
  for (size_t i = 0; i < 0xA0; ++i) {
    if (i >= 0x20 && i < 0x7F) continue;
    escapes[i] = {{'\\', 'u', '0', '0', kHex[i >> 4], kHex[i & 15]},
                  kLongestJsonEscape};
  }
  escapes[kC1Lead] = {{static_cast<char>(kC1Lead)}, 1};
  const auto shorthand = [&escapes](char byte, char letter) {
    escapes[static_cast<uint8_t>(byte)] = {{'\\', letter}, 2};
  };
  shorthand('\b', 'b');
  shorthand('\f', 'f');
  shorthand('\n', 'n');
  shorthand('\r', 'r');
  shorthand('\t', 't');
  shorthand('"', '"');
  shorthand('\\', '\\');
  return escapes;
}();

// Writes the escape of `byte`, which has one, and returns its end. Eight bytes
// at `out` are overwritten.
inline uint8_t* PutEscape(uint8_t byte, uint8_t* out) {
  const Escape& escape = kEscapes[byte];
  std::memcpy(out, &escape, sizeof(Escape));
  return out + escape.size;
}

}  // namespace json
}  // namespace thresh

#endif  // THRESH_BASE_JSON_ESCAPE_H_
