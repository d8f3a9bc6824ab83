// See looks.h.
#include "container/looks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "container/base64_line.h"
#include "container/base64_wrapped.h"
#include "envelope/envelope.h"

namespace thresh {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
// U+FFFD in UTF-8: what a decoder writes for bytes that are none.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool IsOneOf(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool IsHexDigit(char c) { return IsOneOf(c, "0123456789abcdefABCDEF"); }

std::string_view FirstLineOf(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

// Whether a line of `text` starts with `start`.
bool HasLine(std::string_view text, std::string_view start) {
  for (size_t at = text.find(start); at != std::string_view::npos;
       at = text.find(start, at + 1)) {
    if (at == 0 || text[at - 1] == '\n') return true;
  }
  return false;
}

// Whether `text` begins as `pattern` says, in which h is a hexadecimal digit
// and anything else itself.
bool Fits(std::string_view text, std::string_view pattern) {
  return text.size() >= pattern.size() &&
         std::ranges::equal(
             text.substr(0, pattern.size()), pattern,
             [](char c, char p) { return p == 'h' ? IsHexDigit(c) : c == p; });
}

// Whether the characters of `text` are ASCII, each beside a zero: before it if
// `big_endian`.
bool HasZeros(std::string_view text, bool big_endian) {
  constexpr size_t kFewest = 8;
  constexpr size_t kSeen = 64;
  const size_t size = std::min(text.size(), kSeen) / 2 * 2;
  for (size_t i = 0; i < size; i += 2) {
    const char zero = text[big_endian ? i : i + 1];
    const char c = text[big_endian ? i + 1 : i];
    const bool ascii = (c >= ' ' && c <= '~') || IsOneOf(c, kSpaces);
    if (zero != '\0' || !ascii) return false;
  }
  return size >= kFewest;
}

}  // namespace

bool IsUtf16Le(std::string_view head) { return HasZeros(head, false); }
bool IsUtf16Be(std::string_view head) { return HasZeros(head, true); }

// The magic is no UTF-8; that of a key behind it is.
bool IsDestroyed(std::string_view text) {
  for (size_t at = text.find(kReplacement); at != std::string_view::npos;
       at = text.find(kReplacement, at)) {
    size_t count = 0;
    for (; text.substr(at).starts_with(kReplacement); ++count) {
      at += kReplacement.size();
    }
    const bool key_follows = text.substr(at).starts_with('\n');
    if (count >= 2 && count <= kMagic.size() && key_follows) return true;
  }
  return false;
}

// The same in base64.
bool IsDestroyedBase64(std::string_view text) {
  return text.starts_with("77+977+9") || text.starts_with("\"77+977+9") ||
         text.starts_with("77-977-9");
}

bool IsPythonDict(std::string_view text) {
  return text.starts_with("{'") || text.starts_with("[{'");
}

bool IsPythonBytes(std::string_view text) {
  text.remove_prefix(
      std::min(text.find_first_not_of("[( \t\r\n"), text.size()));
  return text.starts_with("b'") || text.starts_with("b\"") ||
         text.starts_with('\'');
}

bool IsJson(std::string_view text) {
  return text.starts_with('{') || text.starts_with('[');
}

bool IsAwsTable(std::string_view text) {
  const std::string_view rule = FirstLineOf(text);
  const size_t dashes = std::min(rule.find_first_not_of("-+"), rule.size());
  return dashes >= 3 &&
         rule.find_first_not_of(kSpaces, dashes) == std::string_view::npos &&
         text.substr(rule.size()).starts_with("\n|");
}

bool IsAwsText(std::string_view text) {
  const std::string_view first = FirstLineOf(text);
  return HasLine(text, "RECORDS\t") ||
         text.find("\t" + std::string(kEncodedMagic)) !=
             std::string_view::npos ||
         (text.starts_with(kEncodedMagic) &&
          first.find('\t') != std::string_view::npos);
}

bool IsAwsYaml(std::string_view text) {
  return HasLine(text, "Records:") || HasLine(text, "NextShardIterator:") ||
         HasLine(text, "MillisBehindLatest:") || HasLine(text, "- Data:") ||
         HasLine(text, "- ApproximateArrivalTimestamp:") ||
         HasLine(text, "ApproximateArrivalTimestamp:");
}

bool IsXxd(std::string_view text) { return Fits(text, "hhhhhhhh: hh"); }
bool IsHexdumpC(std::string_view text) {
  return Fits(text, "hhhhhhhh  hh ") || Fits(text, "hhhhhhhh  hh\n");
}
bool IsOd(std::string_view text) {
  return Fits(text, "hhhhhhh hh ") || Fits(text, "hhhhhhh hh\n");
}
bool IsHexdump(std::string_view text) {
  return Fits(text, "hhhhhhh hhhh ") || Fits(text, "hhhhhhh hhhh\n");
}

bool IsPlainHex(std::string_view text) {
  constexpr size_t kFewest = 16;
  if (text.starts_with("\\x") || text.starts_with("0x")) text.remove_prefix(2);
  size_t digits = 0;
  bool has_letter = false;
  for (const char c : text) {
    if (IsHexDigit(c)) {
      ++digits;
      has_letter = has_letter || c > '9';
    } else if (!IsOneOf(c, " \t\r\n:\\x")) {
      return false;
    }
  }
  return digits >= kFewest && has_letter;
}

bool IsWrappedFile(std::string_view text) {
  std::string_view line = FirstLineOf(text);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return StartsWrapped(AsBytes(line));
}

bool IsCsv(std::string_view text) {
  const std::string_view first = FirstLineOf(text);
  if (first.size() == text.size()) return false;
  const std::string_view second = FirstLineOf(text.substr(first.size() + 1));
  return std::ranges::any_of(std::string_view(",;\t"), [&](char separator) {
    const auto columns = std::ranges::count(first, separator);
    return columns > 0 && columns == std::ranges::count(second, separator);
  });
}

bool IsGzip(std::string_view head) {
  constexpr size_t kHeader = 10;
  if (head.size() < kHeader || !head.starts_with("\x1F\x8B\x08")) return false;
  const auto at = [head](size_t i) { return static_cast<uint8_t>(head[i]); };
  const bool known_flags = (at(3) & 0xE0) == 0;
  const bool known_level = at(8) == 0 || at(8) == 2 || at(8) == 4;
  const bool known_system = at(9) <= 13 || at(9) == 255;
  return known_flags && known_level && known_system;
}

bool IsZip(std::string_view head) {
  return head.starts_with("PK\x03\x04") || head.starts_with("PK\x01\x02");
}

bool IsZlib(std::string_view head) {
  constexpr size_t kSeen = 16;
  const bool is_text = std::ranges::all_of(head.substr(0, kSeen), [](char c) {
    return (c >= ' ' && c <= '~') || IsOneOf(c, kSpaces);
  });
  if (head.size() < 3 || head[0] != 'x' || is_text) return false;
  const auto flags = static_cast<uint8_t>(head[1]);
  const unsigned block = static_cast<uint8_t>(head[2]) >> 1 & 3;
  return (0x7800U + flags) % 31 == 0 && block != 3;
}

}  // namespace thresh
