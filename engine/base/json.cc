// JSON for the sinks. simdjson validates JSON values and UTF-8: it is strict,
// and fast enough to be called for every record.
#include "base/json.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <vector>

#include "base/json_escape.h"

namespace thresh {
namespace {

constexpr size_t kWord = sizeof(uint64_t);
constexpr uint64_t kNotAscii = 0x8080808080808080;

// The end of `out`, after which `size` bytes can be written.
uint8_t* RoomFor(size_t size, Column<uint8_t>* out) {
  out->Reserve(out->size() + size);
  return out->end();
}

// Above this size the simdjson call is cheaper than the loop over words.
constexpr size_t kShort = 64;

bool IsAscii(Bytes bytes) {
  uint64_t seen = 0;
  size_t i = 0;
  for (; i + kWord <= bytes.size(); i += kWord) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, kWord);
    seen |= word;
  }
  for (; i < bytes.size(); ++i) seen |= bytes[i];
  return (seen & kNotAscii) == 0;
}

// simdjson reads, but does not use, this many bytes after a document.
constexpr size_t kPadding = simdjson::SIMDJSON_PADDING;

bool HasControl(Bytes json) {
  if (json.empty()) return false;
  if (std::memchr(json.data(), 0x7F, json.size()) != nullptr) return true;
  const uint8_t* const end = json.data() + json.size();
  const auto lead = [end](const uint8_t* from) {
    return static_cast<const uint8_t*>(
        std::memchr(from, json::kC1Lead, static_cast<size_t>(end - from)));
  };
  for (const uint8_t* at = lead(json.data()); at != nullptr && end - at > 1;
       at = lead(at + 1)) {
    if (json::IsC1(at[0], at[1])) return true;
  }
  return false;
}

}  // namespace

// With the padded copy that it reads. It takes about fifteen bytes of address
// space for each byte of the largest document so far, so the size that is kept
// is limited.
class JsonChecker::Parser {
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

  [[nodiscard]] size_t reserved_memory() const {
    return padded_.capacity() + parser_.capacity();
  }

 private:
  simdjson::dom::parser parser_;
  Column<uint8_t> padded_;
};

JsonChecker::JsonChecker() = default;
JsonChecker::~JsonChecker() = default;

bool JsonChecker::IsOneValue(Bytes bytes) {
  // The first byte of a value is ASCII: a byte order mark is not part of one,
  // though some parsers skip it.
  if (bytes.empty() || bytes[0] >= 0x80) return false;
  if (bytes.size() > Parser::kLargestKept) return Parser().IsOneValue(bytes);
  if (parser_ == nullptr) parser_ = std::make_unique<Parser>();
  return parser_->IsOneValue(bytes);
}

size_t JsonChecker::reserved_memory() const {
  return parser_ == nullptr ? 0 : parser_->reserved_memory();
}

bool IsUtf8(Bytes bytes) {
  if (bytes.size() <= kShort && IsAscii(bytes)) return true;
  return simdjson::validate_utf8(reinterpret_cast<const char*>(bytes.data()),
                                 bytes.size());
}

void AppendJsonString(Bytes text, Column<uint8_t>* out) {
  // Memory for the worst case is reserved for one piece at a time.
  constexpr size_t kPiece = 4096;
  out->Append('"');
  while (!text.empty()) {
    Bytes piece = text.first(std::min(text.size(), kPiece));
    // The two bytes of a C1 control stay together.
    if (piece.size() < text.size() && piece.back() == json::kC1Lead) {
      piece = piece.first(piece.size() - 1);
    }
    uint8_t* const at =
        RoomFor(piece.size() * kLongestJsonEscape + kJsonEscapeSlack, out);
    out->Resize(static_cast<size_t>(EscapeJson(piece, at) - out->data()));
    text = text.subspan(piece.size());
  }
  out->Append('"');
}

bool AppendInlineJson(Bytes bytes, JsonChecker* checker, Column<uint8_t>* out) {
  if (!checker->IsOneValue(bytes)) return false;
  // simdjson writes whole vectors, past the end of its output.
  uint8_t* at = RoomFor(bytes.size() + kPadding, out);
  size_t size = 0;
  if (simdjson::minify(reinterpret_cast<const char*>(bytes.data()),
                       bytes.size(), reinterpret_cast<char*>(at),
                       size) != simdjson::SUCCESS) {
    return false;
  }
  const size_t begin = out->size();
  out->Resize(begin + size);
  EscapeControlsFrom(begin, out);
  return true;
}

void EscapeControlsFrom(size_t begin, Column<uint8_t>* out) {
  if (!HasControl({out->data() + begin, out->size() - begin})) return;
  const std::vector<uint8_t> json(out->data() + begin, out->end());
  out->Resize(begin);
  for (size_t i = 0; i < json.size(); ++i) {
    const bool is_c1 = i + 1 < json.size() && json::IsC1(json[i], json[i + 1]);
    if (!is_c1 && json[i] != 0x7F) {
      out->Append(json[i]);
      continue;
    }
    if (is_c1) ++i;
    uint8_t* const end =
        json::PutEscape(json[i], RoomFor(sizeof(json::Escape), out));
    out->Resize(static_cast<size_t>(end - out->data()));
  }
}

}  // namespace thresh
