// See json_data.h.
#include "container/json_data.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/base64.h"
#include "base/lenient_base64.h"
#include "container/json_string.h"

namespace thresh {
namespace {

// Reads bytes one by one. They are numbers from 0 to 255, or, if none is more
// than 127, from -128 on: some languages only have signed bytes. They may be
// followed by a point and zeros.
class ByteReader {
 public:
  // Null if it is not a byte.
  std::optional<uint8_t> Read(const JsonValue& value) {
    if (value.type != JsonType::kNumber) return std::nullopt;
    const std::string_view digits = WithoutZeroFraction(AsText(value.text));
    int number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = end == digits.data() + digits.size();
    if (error != std::errc() || !whole || number < INT8_MIN ||
        number > UINT8_MAX) {
      return std::nullopt;
    }
    is_signed_ = is_signed_ || number < 0;
    is_unsigned_ = is_unsigned_ || number > INT8_MAX;
    if (is_signed_ && is_unsigned_) return std::nullopt;
    return static_cast<uint8_t>(number);
  }

 private:
  bool is_signed_ = false;
  bool is_unsigned_ = false;
};

// The text of `string`, in `unescaped` if it has escapes; null if it is not
// valid text.
std::optional<Bytes> TextOf(const JsonValue& string,
                            Column<uint8_t>* unescaped) {
  if (!string.escaped) return string.text;
  unescaped->Resize(string.text.size());
  const std::optional<size_t> size =
      UnescapeJson(string.text, unescaped->data());
  if (!size.has_value()) return std::nullopt;
  return Bytes(unescaped->data(), *size);
}

// Whether `text` is `lower`, ignoring case.
bool IsInAnyCase(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char c, char wanted) {
    return c == wanted || (c >= 'A' && c <= 'Z' && c - 'A' + 'a' == wanted);
  });
}

// The text after "data:...;base64,", or all of `text` without that prefix.
Bytes WithoutDataUrl(Bytes text) {
  constexpr std::string_view kScheme = "data:";
  constexpr std::string_view kEncoding = ";base64,";
  if (!IsInAnyCase(AsText(text).substr(0, kScheme.size()), kScheme)) {
    return text;
  }
  const size_t comma = AsText(text).find(',');
  if (comma == std::string_view::npos) return text;
  const std::string_view head = AsText(text).substr(0, comma + 1);
  if (head.size() < kScheme.size() + kEncoding.size() - 1 ||
      !IsInAnyCase(head.substr(head.size() - kEncoding.size()), kEncoding)) {
    return text;
  }
  return text.subspan(comma + 1);
}

// The functions below write to `out`, which has room for as many bytes as the
// value's text, and return the number written.

std::optional<size_t> DecodeArray(Bytes text, uint8_t* out) {
  JsonCursor cursor(text);
  if (cursor.Peek() != '[') return std::nullopt;
  cursor.Enter();
  ByteReader bytes;
  size_t size = 0;
  JsonValue element;
  while (cursor.NextElement() && cursor.Read(&element)) {
    const std::optional<uint8_t> byte = bytes.Read(element);
    if (!byte.has_value()) return std::nullopt;
    out[size++] = *byte;
  }
  return cursor.status() == JsonStatus::kOk ? std::optional(size)
                                            : std::nullopt;
}

struct Decoded {
  size_t size;
  bool lenient;
};

std::optional<Decoded> DecodeString(const JsonValue& string, uint8_t* out,
                                    Column<uint8_t>* unescaped) {
  const std::optional<Bytes> text = TextOf(string, unescaped);
  if (!text.has_value()) return std::nullopt;
  const std::optional<size_t> canonical = Base64Decode(*text, out);
  if (canonical.has_value()) return Decoded{*canonical, false};
  const std::optional<size_t> size =
      LenientBase64Decode(WithoutDataUrl(*text), out);
  if (!size.has_value()) return std::nullopt;
  return Decoded{*size, true};
}

// `key` as an index less than `limit`; null if it is not one.
std::optional<size_t> ParseIndex(const JsonValue& key, size_t limit) {
  const std::string_view digits = AsText(key.text);
  size_t index = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), index);
  const bool whole = end == digits.data() + digits.size();
  const bool zeros = digits.size() > 1 && digits[0] == '0';
  return error == std::errc() && whole && !zeros && index < limit
             ? std::optional(index)
             : std::nullopt;
}

// Members may be in any order: tools sort them as text.
std::optional<size_t> DecodeObject(Bytes text, uint8_t* out,
                                   Column<uint8_t>* unescaped) {
  JsonCursor cursor(text);
  cursor.Peek();
  cursor.Enter();
  ByteReader bytes;
  std::vector<bool> has(text.size());
  size_t size = 0;
  size_t past_last = 0;
  JsonValue type;
  JsonValue data;
  JsonValue key;
  JsonValue member;
  while (cursor.NextMember(&key) && cursor.Read(&member)) {
    if (IsNamed(key, "type")) {
      type = member;
    } else if (IsNamed(key, "data")) {
      data = member;
    } else {
      const std::optional<size_t> index = ParseIndex(key, has.size());
      const std::optional<uint8_t> byte = bytes.Read(member);
      if (!index.has_value() || !byte.has_value() || has[*index]) {
        return std::nullopt;
      }
      has[*index] = true;
      out[*index] = *byte;
      past_last = std::max(past_last, *index + 1);
      ++size;
    }
  }
  if (cursor.status() != JsonStatus::kOk) return std::nullopt;
  if (!type.present() && !data.present()) {
    return size > 0 && size == past_last ? std::optional(size) : std::nullopt;
  }
  const bool is_buffer =
      type.type == JsonType::kString && UnescapesTo(type, "Buffer");
  if (!is_buffer || size > 0) return std::nullopt;
  if (data.type == JsonType::kArray) return DecodeArray(data.text, out);
  if (data.type != JsonType::kString) return std::nullopt;
  const std::optional<Decoded> decoded = DecodeString(data, out, unescaped);
  return decoded.has_value() ? std::optional(decoded->size) : std::nullopt;
}

}  // namespace

std::optional<JsonData> ReadJsonData(const JsonValue& value,
                                     JsonFrames* frames) {
  uint8_t* const out = frames->room();
  std::optional<size_t> size;
  bool lenient = true;
  if (value.type == JsonType::kString) {
    const std::optional<Decoded> decoded =
        DecodeString(value, out, frames->unescaped());
    if (!decoded.has_value()) return std::nullopt;
    size = decoded->size;
    lenient = decoded->lenient;
  } else if (value.type == JsonType::kArray) {
    size = DecodeArray(value.text, out);
  } else if (value.type == JsonType::kObject) {
    size = DecodeObject(value.text, out, frames->unescaped());
  }
  if (!size.has_value() || *size > kMaxRecordBytes) return std::nullopt;
  return JsonData{frames->Keep(*size), lenient};
}

}  // namespace thresh
