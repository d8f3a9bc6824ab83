// See printable.h.
#include "base/printable.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/json.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

struct CodePoints {
  char32_t first;
  char32_t last;
};

// Code points that a terminal interprets, or that are invisible and change how
// the text around them looks. Not the joiners U+200C and U+200D: several
// scripts and emoji need them.
constexpr CodePoints kUnsafe[] = {
    {0x00, 0x1F},        // C0 controls
    {0x7F, 0x9F},        // DEL and C1 controls
    {0x061C, 0x061C},    // Arabic letter mark
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x200B, 0x200B},    // zero-width space
    {0x200E, 0x200F},    // marks of direction
    {0x2028, 0x202E},    // line and paragraph separators, embeddings, overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotations
    {0xE0000, 0xE007F},  // tags
};

bool IsUnsafe(char32_t code_point) {
  return std::ranges::any_of(kUnsafe, [code_point](const CodePoints& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

// The code point of `character`, one character in UTF-8.
char32_t CodePointOf(std::string_view character) {
  const auto lead = static_cast<uint8_t>(character[0]);
  if (character.size() == 1) return lead;
  char32_t code_point = lead & (0xFFU >> (character.size() + 1));
  for (const char byte : character.substr(1)) {
    code_point = code_point << 6 | (static_cast<uint8_t>(byte) & 0x3FU);
  }
  return code_point;
}

void AppendEscape(char byte, std::string* out) {
  if (byte == '\n' || byte == '\r' || byte == '\t') {
    *out += byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t";
    return;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  *out += "\\x";
  *out += kDigits[static_cast<uint8_t>(byte) >> 4];
  *out += kDigits[static_cast<uint8_t>(byte) & 15];
}

}  // namespace

std::string Printable(std::string_view text, std::string_view escaped) {
  const bool is_utf8 = IsUtf8(AsBytes(text));
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto lead = static_cast<uint8_t>(text[0]);
    const bool is_ascii = lead < 0x80;
    const auto length =
        is_ascii || !is_utf8 ? 1 : static_cast<size_t>(std::countl_one(lead));
    const std::string_view piece = text.substr(0, length);
    if ((!is_ascii && !is_utf8) || IsUnsafe(CodePointOf(piece))) {
      for (const char byte : piece) AppendEscape(byte, &out);
    } else {
      if (escaped.find(piece) != std::string_view::npos) out += '\\';
      out += piece;
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace thresh
