// See json_data.h.
#include "container/json_data.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "container/json_string.h"
#include "text/base64.h"
#include "text/lenient_base64.h"

namespace thresh {
namespace {

std::optional<uint8_t> ParseByte(const JsonValue& value) {
  if (value.type != JsonType::kNumber) return std::nullopt;
  const std::string_view digits = AsText(value.text);
  uint8_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = end == digits.data() + digits.size();
  return error == std::errc() && whole ? std::optional(number) : std::nullopt;
}

// What `string` stands for, until the next call on this thread; null if it is
// no text.
std::optional<Bytes> TextOf(const JsonValue& string) {
  if (!string.escaped) return string.text;
  thread_local Column<uint8_t> unescaped;
  unescaped.Resize(string.text.size());
  const std::optional<size_t> size =
      UnescapeJson(string.text, unescaped.data());
  if (!size.has_value()) return std::nullopt;
  return Bytes(unescaped.data(), *size);
}

// What follows "data:...;base64,", or all of `text` if it does not start so.
Bytes WithoutDataUrl(Bytes text) {
  constexpr std::string_view kScheme = "data:";
  constexpr std::string_view kEncoding = ";base64,";
  if (!AsText(text).starts_with(kScheme)) return text;
  const size_t comma = AsText(text).find(',');
  if (comma == std::string_view::npos) return text;
  const size_t end = comma + 1;
  return AsText(text.first(end)).ends_with(kEncoding) ? text.subspan(end)
                                                      : text;
}

// The functions below write to `out`, which has room for as many bytes as the
// value's text, and return how many they wrote.

std::optional<size_t> DecodeArray(Bytes text, uint8_t* out) {
  JsonCursor cursor(text);
  if (cursor.Peek() != '[') return std::nullopt;
  cursor.Enter();
  size_t size = 0;
  JsonValue element;
  while (cursor.NextElement() && cursor.Read(&element)) {
    const std::optional<uint8_t> byte = ParseByte(element);
    if (!byte.has_value()) return std::nullopt;
    out[size++] = *byte;
  }
  return cursor.status() == JsonStatus::kOk ? std::optional(size)
                                            : std::nullopt;
}

std::optional<size_t> DecodeObject(Bytes text, uint8_t* out) {
  JsonCursor cursor(text);
  cursor.Peek();
  cursor.Enter();
  size_t size = 0;
  bool is_buffer = false;
  JsonValue array;
  JsonValue key;
  JsonValue member;
  while (cursor.NextMember(&key) && cursor.Read(&member)) {
    if (StandsFor(key, "type")) {
      is_buffer =
          member.type == JsonType::kString && StandsFor(member, "Buffer");
    } else if (StandsFor(key, "data")) {
      array = member;
    } else {
      const std::optional<uint8_t> byte = ParseByte(member);
      if (!byte.has_value() || !StandsFor(key, std::to_string(size))) {
        return std::nullopt;
      }
      out[size++] = *byte;
    }
  }
  if (cursor.status() != JsonStatus::kOk) return std::nullopt;
  if (is_buffer && array.type == JsonType::kArray && size == 0) {
    return DecodeArray(array.text, out);
  }
  return size > 0 && !is_buffer && array.type == JsonType::kAbsent
             ? std::optional(size)
             : std::nullopt;
}

}  // namespace

std::optional<JsonData> ReadJsonData(const JsonValue& value,
                                     JsonFrames* frames) {
  uint8_t* const out = frames->room();
  std::optional<size_t> size;
  bool lenient = false;
  if (value.type == JsonType::kString) {
    const std::optional<Bytes> text = TextOf(value);
    if (!text.has_value()) return std::nullopt;
    size = Base64Decode(*text, out);
    lenient = !size.has_value();
    if (lenient) size = LenientBase64Decode(WithoutDataUrl(*text), out);
  } else if (value.type == JsonType::kArray) {
    size = DecodeArray(value.text, out);
    lenient = true;
  } else if (value.type == JsonType::kObject) {
    size = DecodeObject(value.text, out);
    lenient = true;
  }
  if (!size.has_value() || *size > kMaxRecordBytes) return std::nullopt;
  return JsonData{frames->Keep(*size), lenient};
}

}  // namespace thresh
