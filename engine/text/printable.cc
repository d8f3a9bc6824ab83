// See printable.h.
#include "text/printable.h"

#include <cstdint>

#include "text/json.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

void AppendEscape(uint8_t byte, std::string* out) {
  if (byte == '\n' || byte == '\r' || byte == '\t') {
    *out += byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t";
    return;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  *out += "\\x";
  *out += kDigits[byte >> 4];
  *out += kDigits[byte & 15];
}

// Whether `text` at `at` is one of U+0080 to U+009F, in UTF-8.
bool IsC1Control(std::string_view text, size_t at) {
  return text[at] == '\xC2' && at + 1 < text.size() &&
         static_cast<uint8_t>(text[at + 1]) < 0xA0;
}

}  // namespace

std::string Printable(std::string_view text, std::string_view escaped) {
  const bool is_utf8 = IsUtf8(AsBytes(text));
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<uint8_t>(text[at]);
    if (is_utf8 && IsC1Control(text, at)) {
      AppendEscape(byte, &out);
      AppendEscape(static_cast<uint8_t>(text[++at]), &out);
    } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_utf8)) {
      AppendEscape(byte, &out);
    } else {
      if (escaped.find(text[at]) != std::string_view::npos) out += '\\';
      out += text[at];
    }
  }
  return out;
}

}  // namespace thresh
