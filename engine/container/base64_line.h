// Lines of base64: which part of a line is text, and its decoded bytes.
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
  Bytes text;     // without line end, byte order mark and surrounding blanks
  size_t offset;  // of `text`
  size_t end;     // of the line, with its line end
  bool complete;  // it has a line end
  bool bare;      // it has only the text and the line end
};

// The line that begins at `at`, which is less than bytes.size().
Base64Line Base64LineAt(Bytes bytes, size_t at);

// Decodes `text`, one record or a piece of one, into `out`, which has room for
// LenientBase64Size(text.size()) bytes. Accepts base64 of either alphabet, with
// padding or without. Null if it is not base64.
std::optional<size_t> DecodeBase64Text(Bytes text, uint8_t* out);

// Parses `text`, a line without surrounding blanks that is not base64 itself,
// as a line of a JSON array of strings or a column of quoted strings: appends
// the texts between the quotes to `items`, none for a bracket alone. A text
// without quotes is an item if only a comma follows it. False, with nothing
// appended, if it is neither.
bool SplitBase64Items(Bytes text, std::vector<Bytes>* items);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_LINE_H_
