// See json_string.h.
#include "container/json_string.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace thresh {
namespace {

constexpr uint32_t kFirstHigh = 0xD800;
constexpr uint32_t kFirstLow = 0xDC00;
constexpr uint32_t kPastLow = 0xE000;

int HexDigit(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The UTF-16 code unit of \uXXXX at the front of `text`.
std::optional<uint32_t> HexUnit(Bytes text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  uint32_t unit = 0;
  for (size_t i = 2; i < 6; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return std::nullopt;
    unit = unit << 4 | static_cast<uint32_t>(digit);
  }
  return unit;
}

size_t PutUtf8(uint32_t code, uint8_t* out) {
  if (code < 0x80) {
    out[0] = static_cast<uint8_t>(code);
    return 1;
  }
  const size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (size_t i = size; --i > 0; code >>= 6) {
    out[i] = static_cast<uint8_t>(0x80 | (code & 0x3F));
  }
  constexpr std::array<uint8_t, 5> kLead = {0, 0, 0xC0, 0xE0, 0xF0};
  out[0] = static_cast<uint8_t>(kLead[size] | code);
  return size;
}

struct Escape {
  size_t escaped = 0;    // its characters; 0 if it is not an escape
  size_t unescaped = 0;  // its unescaped bytes, in `bytes`
  std::array<uint8_t, 4> bytes{};
};

Escape ReadUnicode(Bytes text) {
  const std::optional<uint32_t> unit = HexUnit(text);
  if (!unit.has_value()) return {};
  Escape escape{.escaped = 6};
  uint32_t code = *unit;
  if (code >= kFirstHigh && code < kPastLow) {
    const std::optional<uint32_t> low = HexUnit(text.subspan(6));
    if (code >= kFirstLow || !low || *low < kFirstLow || *low >= kPastLow) {
      return {};
    }
    code = 0x10000 + ((code - kFirstHigh) << 10) + (*low - kFirstLow);
    escape.escaped = 12;
  }
  escape.unescaped = PutUtf8(code, escape.bytes.data());
  return escape;
}

// The escape at the front of `text`, which starts with a backslash.
Escape ReadEscape(Bytes text) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (text.size() < 2) return {};
  if (text[1] == 'u') return ReadUnicode(text);
  const size_t letter = kLetters.find(static_cast<char>(text[1]));
  if (letter == std::string_view::npos) return {};
  return {.escaped = 2,
          .unescaped = 1,
          .bytes = {static_cast<uint8_t>(kMeanings[letter])}};
}

// Bytes at the front of `text` before the first backslash.
size_t PlainSize(Bytes text) {
  const void* backslash = std::memchr(text.data(), '\\', text.size());
  return backslash == nullptr
             ? text.size()
             : static_cast<size_t>(static_cast<const uint8_t*>(backslash) -
                                   text.data());
}

}  // namespace

std::optional<size_t> UnescapeJson(Bytes text, uint8_t* out) {
  uint8_t* at = out;
  while (!text.empty()) {
    const size_t plain = PlainSize(text);
    at = std::copy_n(text.data(), plain, at);
    text = text.subspan(plain);
    if (text.empty()) break;
    const Escape escape = ReadEscape(text);
    if (escape.escaped == 0) return std::nullopt;
    at = std::copy_n(escape.bytes.data(), escape.unescaped, at);
    text = text.subspan(escape.escaped);
  }
  return static_cast<size_t>(at - out);
}

bool UnescapesTo(const JsonValue& string, std::string_view text) {
  if (!string.escaped) return AsText(string.text) == text;
  constexpr size_t kLongestEscape = 6;  // for one byte
  std::array<uint8_t, 256> unescaped;
  if (string.text.size() >
      std::min(unescaped.size(), text.size() * kLongestEscape)) {
    return false;
  }
  const std::optional<size_t> size =
      UnescapeJson(string.text, unescaped.data());
  return size.has_value() && AsText(Bytes(unescaped).first(*size)) == text;
}

bool UnescapesToEither(const JsonValue& string, std::string_view name) {
  std::string capital(name);
  capital[0] = static_cast<char>(capital[0] & ~kAsciiLowerCase);
  return UnescapesTo(string, name) || UnescapesTo(string, capital);
}

size_t EscapeMap::Find(size_t target) {
  while (unescaped_ < target && escaped_ < text_.size()) {
    const size_t plain =
        std::min(PlainSize(text_.subspan(escaped_)), target - unescaped_);
    escaped_ += plain;
    unescaped_ += plain;
    if (unescaped_ == target || escaped_ == text_.size()) break;
    const Escape escape = ReadEscape(text_.subspan(escaped_));
    escaped_ += escape.escaped;
    unescaped_ += escape.unescaped;
  }
  return escaped_;
}

}  // namespace thresh
