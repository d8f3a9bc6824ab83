// Unescapes JSON strings, and maps unescaped bytes to their places.
#ifndef THRESH_CONTAINER_JSON_STRING_H_
#define THRESH_CONTAINER_JSON_STRING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "container/json_cursor.h"
#include "thresh/bytes.h"

namespace thresh {

// Unescapes `text`, the inside of a JSON string, to `out`, which has room for
// text.size() bytes, and returns the number of bytes written. Null, with `out`
// unspecified, for an invalid escape or half a surrogate pair, which are not
// text.
std::optional<size_t> UnescapeJson(Bytes text, uint8_t* out);

// Whether `string`, unescaped, is `text`.
bool UnescapesTo(const JsonValue& string, std::string_view text);

// Whether `string`, which has escapes, is `name` when unescaped, or `name` with
// its first letter in upper case.
bool UnescapesToEither(const JsonValue& string, std::string_view name);

inline constexpr uint8_t kAsciiLowerCase = 0x20;

// Whether the member's key `key` is `name`, which begins with a lower case
// letter, or `name` with that letter in upper case: services and their SDKs
// write both.
inline bool IsNamed(const JsonValue& key, std::string_view name) {
  return key.escaped ? UnescapesToEither(key, name)
                     : key.text.size() == name.size() &&
                           (key.text[0] | kAsciiLowerCase) ==
                               static_cast<uint8_t>(name[0]) &&
                           AsText(key.text.subspan(1)) == name.substr(1);
}

// The text `number` up to its point if only zeros follow that.
inline std::string_view WithoutZeroFraction(std::string_view number) {
  const size_t point = number.find('.');
  const bool zeros =
      point != std::string_view::npos &&
      number.find_first_not_of('0', point + 1) == std::string_view::npos;
  return zeros ? number.substr(0, point) : number;
}

// The names of a table's entries by first letter and length: rules out most
// keys that are not in the table.
class JsonNameFilter {
 public:
  // `entries` have members `name`, each of 1 to 63 characters.
  template <typename Entries>
  explicit constexpr JsonNameFilter(const Entries& entries) {
    for (const auto& entry : entries) {
      sizes_[static_cast<uint8_t>(entry.name[0]) % kLetters] |=
          uint64_t{1} << entry.name.size();
    }
  }

  [[nodiscard]] bool MayHave(const JsonValue& key) const {
    const size_t size = key.text.size();
    if (key.escaped) return true;
    return size > 0 && size < kSizes &&
           (sizes_[key.text[0] % kLetters] >> size & 1) != 0;
  }

 private:
  static constexpr size_t kLetters = 32;  // in either case
  static constexpr size_t kSizes = 64;

  std::array<uint64_t, kLetters> sizes_{};
};

// Maps places in unescaped text to the string that it came from.
class EscapeMap {
 public:
  // `text` is the inside of a string that UnescapeJson accepted.
  explicit EscapeMap(Bytes text) : text_(text) {}

  // The offset in `text` of the unescaped byte number `target`, which must not
  // decrease from call to call. The end, for the number of unescaped bytes.
  size_t Find(size_t target);

 private:
  Bytes text_;
  size_t escaped_ = 0;
  size_t unescaped_ = 0;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_STRING_H_
