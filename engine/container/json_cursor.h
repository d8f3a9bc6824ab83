// Reads JSON text from front to back, token by token, in memory that may end
// anywhere. A parser that wants whole documents would know nothing of one that
// is cut off or damaged; here all that stands before the break has been read
// by then. Nearly all bytes of the archives in question are base64 in strings,
// which are crossed at memchr's speed and handed on where they lie.
#ifndef THRESH_CONTAINER_JSON_CURSOR_H_
#define THRESH_CONTAINER_JSON_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "thresh/bytes.h"

namespace thresh {

enum class JsonStatus : uint8_t {
  kOk,
  kTruncated,  // the text ends before what was asked for does
  kBroken,     // the text is no JSON from at() on
};

enum class JsonType : uint8_t {
  kAbsent,
  kLiteral,  // null, true, false
  kNumber,
  kString,
  kObject,
  kArray,
};

// A value as it stands in the text.
struct JsonValue {
  JsonType type = JsonType::kAbsent;
  // What a string has between its quotes, escapes as they are; of others all.
  Bytes text;
  bool escaped = false;  // a string with a backslash in it

  [[nodiscard]] bool present() const { return type != JsonType::kAbsent; }
  // Is there, and not null.
  [[nodiscard]] bool holds() const {
    return present() && (type != JsonType::kLiteral || AsText(text) != "null");
  }
  // Is there, and neither null nor "".
  [[nodiscard]] bool says() const { return holds() && !text.empty(); }
};

// The first byte at or behind `at` that is not white space, or `end`.
inline const uint8_t* SkipJsonSpace(const uint8_t* at, const uint8_t* end) {
  while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    ++at;
  return at;
}

// Holds to RFC 8259 in all but this: strings need not be UTF-8, and escapes in
// them are not looked at (json_string.h does that where a string is used).
// What returns bool returns false at the end of the object or array in hand,
// and when it fails, which status() tells apart; after a failure nothing more
// may be asked.
class JsonCursor {
 public:
  // Arrays and objects that may lie in one another in a value skipped.
  static constexpr size_t kMaxDepth = 128;

  explicit JsonCursor(Bytes text)
      : at_(text.data()), end_(text.data() + text.size()) {}

  [[nodiscard]] const uint8_t* at() const { return at_; }
  [[nodiscard]] JsonStatus status() const { return status_; }

  // The first character of the next value, having skipped the white space
  // before it; 0, and a status, if the text ends.
  char Peek();

  // Steps into the object or array at at(), whose bracket is there.
  void Enter() {
    ++at_;
    behind_value_ = false;
  }
  // Comes to the next member's value, or past the end of the object.
  bool NextMember(JsonValue* key);
  // Comes to the next element, or past the end of the array.
  bool NextElement();

  // Reads the next value; what lies in an array or object is crossed.
  bool Read(JsonValue* value);

 private:
  bool Fail(JsonStatus status) {
    status_ = status;
    return false;
  }
  bool StepTo(char end_bracket);
  bool ReadString(JsonValue* value);
  bool ReadNumber();
  bool ReadLiteral(std::string_view word);
  bool ReadScalar(char first, JsonValue* value);
  bool Cross();

  const uint8_t* at_;
  const uint8_t* end_;
  bool behind_value_ = false;  // else behind an opening bracket
  JsonStatus status_ = JsonStatus::kOk;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_CURSOR_H_
