// See spoiled_aggregate.h.
#include "record/spoiled_aggregate.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace thresh {
namespace {

// The forms of the magic.
constexpr std::array<std::string_view, 12> kSpoiledMagics = {{
    "84mawg",    // base64
    "\"84mawg",  // of a JSON string
    "f3899ac2",  // hexadecimal digits
    "F3899AC2",
    "0xf3899ac2",
    "0xF3899AC2",
    "\\xf3899ac2",                           // PostgreSQL
    "\x7F\x7F\x3D\xF5\xA7\x36",              // the digits, taken for base64
    {"\x17\x7F\x3D\xF4\x00\xB6", 6},         //
    "\xC3\xB3\xC2\x89\xC2\x9A\xC3\x82",      // Latin-1
    "\xC3\xB3\xE2\x80\xB0\xC5\xA1\xC3\x82",  // Windows-1252
    "ODRtYXdn",                              // base64, twice more
}};
// U+FFFD in UTF-8: a decoder writes it for invalid bytes.
constexpr std::string_view kReplacedByte = "\xEF\xBF\xBD";
// The first byte of a message: the tags of fields 1 to 3.
constexpr std::string_view kFirstTags = "\x0A\x12\x1A";

// The magic becomes two to four of them: decoders differ in how many they write
// for an incomplete sequence.
bool IsReplaced(std::string_view text) {
  size_t count = 0;
  for (; text.starts_with(kReplacedByte); ++count) {
    text.remove_prefix(kReplacedByte.size());
  }
  return count >= 2 && count <= 4 && !text.empty() &&
         kFirstTags.find(text.front()) != std::string_view::npos;
}

}  // namespace

bool LooksSpoiled(Bytes record) {
  const std::string_view text = AsText(record);
  return std::ranges::any_of(kSpoiledMagics,
                             [text](std::string_view magic) {
                               return text.starts_with(magic);
                             }) ||
         IsReplaced(text);
}

}  // namespace thresh
