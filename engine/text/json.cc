// JSON as the sinks need it: strings are written by hand, eight bytes at a
// time; whether bytes are a JSON value or UTF-8 is simdjson's to say, which
// knows the grammar to the last comma and is fast enough to be asked about
// every record.
#include "text/json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace thresh {
namespace {

constexpr size_t kWord = sizeof(uint64_t);
constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighBits = kOnes * 0x80;

uint64_t LoadLittleEndian(const uint8_t* from) {
  uint64_t word;
  std::memcpy(&word, from, kWord);
  if constexpr (std::endian::native == std::endian::big) {
    word = __builtin_bswap64(word);
  }
  return word;
}

// A word whose lowest set bit is the high bit of the first byte below `bound`
// (at most 0x80); zero if there is none. Bits above the lowest mean nothing:
// the subtraction borrows from the bytes that follow.
constexpr uint64_t FirstBelow(uint64_t word, uint8_t bound) {
  return (word - kOnes * bound) & ~word & kHighBits;
}

// The same for the first byte that a JSON string must escape.
constexpr uint64_t FirstToEscape(uint64_t word) {
  return FirstBelow(word, 0x20) | FirstBelow(word ^ kOnes * '"', 1) |
         FirstBelow(word ^ kOnes * '\\', 1);
}

struct Escape {
  std::array<char, 6> text;
  uint8_t size;  // 0: the byte stands for itself
};
constexpr size_t kLongestEscape = sizeof(Escape::text);

// What a string may take beyond its own bytes while no escape has been met:
// both quotes, and a last word in which everything is escaped.
constexpr size_t kSlack = 2 + kWord * kLongestEscape;

constexpr auto kEscapes = [] {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<Escape, 256> escapes{};
  for (size_t i = 0; i < 0x20; ++i) {
    escapes[i] = {{'\\', 'u', '0', '0', kHex[i >> 4], kHex[i & 15]}, 6};
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

// Writes `byte` as it stands in a JSON string and returns the end. Up to
// kLongestEscape bytes at `at` are overwritten.
uint8_t* PutEscaped(uint8_t byte, uint8_t* at) {
  const Escape& escape = kEscapes[byte];
  if (escape.size == 0) {
    *at = byte;
    return at + 1;
  }
  std::memcpy(at, escape.text.data(), kLongestEscape);
  return at + escape.size;
}

// Ends `out` after `size` bytes, makes room for `more` and returns its end.
uint8_t* EnsureRoom(size_t more, size_t size, Column<uint8_t>* out) {
  out->Resize(size);
  out->Reserve(size + more);
  return out->end();
}

// Above this size the simdjson call is cheaper than the words it saves.
constexpr size_t kShort = 64;

bool IsAscii(Bytes bytes) {
  uint64_t seen = 0;
  size_t i = 0;
  for (; i + kWord <= bytes.size(); i += kWord) {
    seen |= LoadLittleEndian(bytes.data() + i);
  }
  for (; i < bytes.size(); ++i) seen |= bytes[i];
  return (seen & kHighBits) == 0;
}

// simdjson reads, but does not use, this many bytes behind a document.
constexpr size_t kPadding = simdjson::SIMDJSON_PADDING;

// A parser and the padded copy that it reads, kept for the next document. It
// holds some fifteen bytes of address space for each byte of the largest
// document so far, hence a limit to what is kept.
class JsonChecker {
 public:
  static constexpr size_t kLargestKept = size_t{1} << 20;

  bool IsOneValue(Bytes bytes) {
    padded_.Resize(bytes.size() + kPadding);
    std::copy(bytes.begin(), bytes.end(), padded_.begin());
    std::memset(padded_.data() + bytes.size(), ' ', kPadding);
    if (parser_.capacity() < bytes.size()) {
      const size_t capacity = std::bit_ceil(bytes.size());
      if (parser_.allocate(capacity) != simdjson::SUCCESS ||
          parser_.doc.allocate(capacity) != simdjson::SUCCESS) {
        return false;
      }
    }
    return parser_.parse(padded_.data(), bytes.size(), false).error() ==
           simdjson::SUCCESS;
  }

 private:
  simdjson::dom::parser parser_;
  Column<uint8_t> padded_;
};

bool IsOneJsonValue(Bytes bytes) {
  // The first byte of a value is ASCII: a byte order mark belongs to none,
  // though some parsers step over it.
  if (bytes.empty() || bytes[0] >= 0x80) return false;
  if (bytes.size() > JsonChecker::kLargestKept) {
    return JsonChecker().IsOneValue(bytes);
  }
  thread_local JsonChecker checker;
  return checker.IsOneValue(bytes);
}

}  // namespace

bool IsUtf8(Bytes bytes) {
  if (bytes.size() <= kShort && IsAscii(bytes)) return true;
  return simdjson::validate_utf8(reinterpret_cast<const char*>(bytes.data()),
                                 bytes.size());
}

void AppendJsonString(Bytes text, Column<uint8_t>* out) {
  const uint8_t* in = text.data();
  size_t left = text.size();
  uint8_t* at = EnsureRoom(left + kSlack, out->size(), out);
  *at++ = '"';
  while (left >= kWord) {
    const uint64_t escapes = FirstToEscape(LoadLittleEndian(in));
    const size_t plain =
        escapes == 0 ? kWord
                     : static_cast<size_t>(std::countr_zero(escapes)) / 8;
    // The whole word whatever its length: what follows overwrites the rest.
    std::memcpy(at, in, kWord);
    in += plain;
    at += plain;
    left -= plain;
    if (plain == kWord) continue;
    at = PutEscaped(*in++, at);
    --left;
    at = EnsureRoom(left + kSlack, static_cast<size_t>(at - out->data()), out);
  }
  for (; left > 0; --left) at = PutEscaped(*in++, at);
  *at++ = '"';
  out->Resize(static_cast<size_t>(at - out->data()));
}

bool AppendInlineJson(Bytes bytes, Column<uint8_t>* out) {
  if (!IsOneJsonValue(bytes)) return false;
  // simdjson writes vectors whose ends it then overwrites or disowns.
  uint8_t* at = EnsureRoom(bytes.size() + kPadding, out->size(), out);
  size_t size = 0;
  if (simdjson::minify(reinterpret_cast<const char*>(bytes.data()),
                       bytes.size(), reinterpret_cast<char*>(at),
                       size) != simdjson::SUCCESS) {
    return false;
  }
  out->Resize(out->size() + size);
  return true;
}

}  // namespace thresh
