// The inside of a JSON string: bytes copied, but for the few that must be
// escaped.
#ifndef THRESH_TEXT_JSON_ESCAPE_H_
#define THRESH_TEXT_JSON_ESCAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "thresh/bytes.h"

namespace thresh {

// What one byte may become.
inline constexpr size_t kLongestJsonEscape = 6;
// How far behind what it has written EscapeJson may write.
inline constexpr size_t kJsonEscapeSlack = 64;

// Writes `text` to `out` with quotes, backslashes and control characters
// escaped, and returns the end of what it wrote. There must be room for
// kLongestJsonEscape bytes for each one of `text`, and kJsonEscapeSlack more.
uint8_t* EscapeJson(Bytes text, uint8_t* out);

namespace json {

// The same without vectors: the twin of the kernels.
uint8_t* EscapePlain(Bytes text, uint8_t* out);

// The same for what comes behind the first `done` bytes of `text`. The kernels
// leave the end of a text to it.
uint8_t* EscapeRest(Bytes text, size_t done, uint8_t* out);

// What stands in a string for a byte that cannot stand there itself.
struct Escape {
  std::array<char, 7> text;
  uint8_t size;
};
static_assert(sizeof(Escape) == 8, "to be copied by one instruction");

inline constexpr auto kEscapes = [] {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<Escape, 256> escapes{};
  for (size_t i = 0; i < 0x20; ++i) {
    escapes[i] = {{'\\', 'u', '0', '0', kHex[i >> 4], kHex[i & 15]},
                  kLongestJsonEscape};
  }
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

// Writes the escape of `byte`, which needs one, and returns its end. Eight
// bytes at `out` are overwritten.
inline uint8_t* PutEscape(uint8_t byte, uint8_t* out) {
  const Escape& escape = kEscapes[byte];
  std::memcpy(out, &escape, sizeof(Escape));
  return out + escape.size;
}

}  // namespace json
}  // namespace thresh

#endif  // THRESH_TEXT_JSON_ESCAPE_H_
