// Lines of base64 as they come: what in a line is text, and what that decodes
// to.
#ifndef THRESH_CONTAINER_BASE64_LINE_H_
#define THRESH_CONTAINER_BASE64_LINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "thresh/bytes.h"

namespace thresh {

// The magic and the four bits after it, F3 89 9A C2 0, encoded: in either
// alphabet.
inline constexpr std::string_view kEncodedMagic = "84mawg";

// One line of an input.
struct Base64Line {
  Bytes text;     // without line end, byte order mark and blanks around
  size_t offset;  // of `text`
  size_t end;     // of the line, with its line end
  bool complete;  // it has a line end
  bool bare;      // there is nothing but the text and the line end
};

// The line that begins at `at`, which is less than bytes.size().
Base64Line Base64LineAt(Bytes bytes, size_t at);

// Decodes `text`, one record or a piece of one, into `out`, which has room for
// LenientBase64Size(text.size()) bytes. Takes base64 of either alphabet, with
// padding or without. Null if it is none.
std::optional<size_t> DecodeBase64Text(Bytes text, uint8_t* out);

// Takes `text`, a line without blanks around that is no base64 by itself, for a
// line of a JSON array of strings or a column of quoted strings: appends the
// texts between the quotes to `items`, none for a bracket alone. A text without
// quotes is an item if nothing but a comma follows it. False, with nothing
// appended, if it is neither.
bool SplitBase64Items(Bytes text, std::vector<Bytes>* items);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_LINE_H_
