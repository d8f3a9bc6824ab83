// See looks.h.
#include "container/looks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "container/base64_line.h"
#include "record/envelope.h"

namespace thresh {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
// U+FFFD in UTF-8: a decoder writes it for invalid bytes.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool IsOneOf(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

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

// Whether `text` has characters of `width` bytes, most with zeros in all but
// one byte: the zeros come first if `big_endian`. No character is NUL.
bool HasZeros(std::string_view text, size_t width, bool big_endian) {
  constexpr size_t kFewest = 4;
  constexpr size_t kSeen = 256;
  const size_t size = std::min(text.size() / width, kSeen);
  size_t ascii = 0;
  for (size_t i = 0; i < size; ++i) {
    std::string_view unit = text.substr(i * width, width);
    const char c = big_endian ? unit.back() : unit.front();
    if (big_endian) {
      unit.remove_suffix(1);
    } else {
      unit.remove_prefix(1);
    }
    const bool zeros = unit.find_first_not_of('\0') == std::string_view::npos;
    if (zeros && c == '\0') return false;
    if (zeros && ((c >= ' ' && c <= '~') || IsOneOf(c, kSpaces))) ++ascii;
  }
  return size >= kFewest && ascii > size / 2;
}

// The part of `line` after leading marks of YAML lists and blanks.
std::string_view WithoutIndent(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(" -"), line.size()));
}

}  // namespace

bool IsUtf16Le(std::string_view head) { return HasZeros(head, 2, false); }
bool IsUtf16Be(std::string_view head) { return HasZeros(head, 2, true); }
bool IsUtf32Le(std::string_view head) { return HasZeros(head, 4, false); }
bool IsUtf32Be(std::string_view head) { return HasZeros(head, 4, true); }

// The magic is not UTF-8; that of a key after it is.
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
  constexpr std::string_view kByteArray = "bytearray(";
  if (text.starts_with(kByteArray)) text.remove_prefix(kByteArray.size());
  return text.starts_with("b'") || text.starts_with("b\"") ||
         text.starts_with('\'');
}

bool IsNodeBuffer(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("[ \t\r\n"), text.size()));
  return text.starts_with("<Buffer ");
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

bool IsAwsTextOfData(std::string_view text) {
  const std::string_view first = FirstLineOf(text);
  return text.starts_with(kEncodedMagic) &&
         first.find('\t') != std::string_view::npos &&
         text.find_first_not_of(kSpaces, first.size()) ==
             std::string_view::npos &&
         std::ranges::all_of(first, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  (c >= '0' && c <= '9') || IsOneOf(c, "+/= \t\r");
         });
}

bool IsAwsText(std::string_view text) { return HasLine(text, "RECORDS\t"); }

bool IsAwsYaml(std::string_view text) {
  constexpr size_t kSeen = size_t{4} << 10;
  text = text.substr(0, kSeen);
  while (!text.empty()) {
    const std::string_view line = FirstLineOf(text);
    const std::string_view key = WithoutIndent(line);
    if (key.starts_with("Records:") || key.starts_with("NextShardIterator:") ||
        key.starts_with("MillisBehindLatest:") || key.starts_with("Data:") ||
        key.starts_with("ApproximateArrivalTimestamp:")) {
      return true;
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return false;
}

bool IsYamlList(std::string_view text) {
  if (!text.starts_with('-')) return false;
  constexpr std::string_view kQuotes = "'\"";
  for (size_t at = text.find(kEncodedMagic); at != std::string_view::npos;
       at = text.find(kEncodedMagic, at + 1)) {
    size_t mark = at;
    if (IsOneOf(text[mark - 1], kQuotes)) --mark;
    if (text.substr(0, mark).ends_with("- ")) return true;
  }
  return false;
}

bool IsDataUrl(std::string_view text) {
  if (text.starts_with('"')) text.remove_prefix(1);
  const std::string_view head = text.substr(0, text.find(','));
  return (head.starts_with("data:") || head.starts_with("DATA:")) &&
         (head.ends_with(";base64") || head.ends_with(";BASE64"));
}

bool IsJsonStrings(std::string_view text) {
  constexpr std::string_view kEscapedSpaces = "\\nrt ";
  if (!text.starts_with('"')) return false;
  text.remove_prefix(1);
  const size_t start = text.find_first_of("{[");
  return start != std::string_view::npos &&
         text.find_first_not_of(kEscapedSpaces) == start &&
         text.find("\\\"", start) != std::string_view::npos;
}

// CSV doubles the quotes of JSON in it.
bool IsLoggedJson(std::string_view text) {
  const size_t magic = text.find(kEncodedMagic);
  if (magic == std::string_view::npos) return false;
  const size_t line = text.rfind('\n', magic) + 1;
  const std::string_view before = text.substr(line, magic - line);
  const size_t json = before.find("{\"");
  if (json == std::string_view::npos ||
      before.substr(json).starts_with("{\"\"")) {
    return false;
  }
  const std::string_view other = before.substr(0, json);
  return other.find_first_of("{\"") == std::string_view::npos &&
         other.find_first_not_of("[]:, \t") != std::string_view::npos;
}

bool MayHoldJson(std::string_view head) {
  for (size_t at = head.find("{\""); at != std::string_view::npos;
       at = head.find("{\"", at + 1)) {
    const size_t line = at == 0 ? 0 : head.rfind('\n', at - 1) + 1;
    const std::string_view before = head.substr(line, at - line);
    if (before.find_first_not_of("[],; \t\r\xEF\xBB\xBF") ==
        std::string_view::npos) {
      return true;
    }
  }
  return head.find_first_not_of(" \t\r\n\xEF\xBB\xBF") ==
         std::string_view::npos;
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
