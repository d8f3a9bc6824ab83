// Reads JSON text from front to back, token by token, in memory that may end
// anywhere. A parser of whole documents would return nothing for one that is
// truncated or damaged; here everything before the break has been read by then.
// Nearly all bytes of such archives are base64 in strings, which are skipped at
// memchr's speed and returned as views.
#ifndef THRESH_CONTAINER_JSON_CURSOR_H_
#define THRESH_CONTAINER_JSON_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "thresh/bytes.h"

namespace thresh {

enum class JsonStatus : uint8_t {
  kOk,
  kTruncated,  // the text ends before the requested item does
  kBroken,     // the text is not valid JSON from at() on
};

enum class JsonType : uint8_t {
  kAbsent,
  kLiteral,  // null, true, false
  kNumber,
  kString,
  kObject,
  kArray,
};

// A value as it is in the text.
struct JsonValue {
  JsonType type = JsonType::kAbsent;
  // The text between the quotes of a string, with escapes; for other values all
  // of their text.
  Bytes text;
  bool escaped = false;  // a string with a backslash in it

  [[nodiscard]] bool present() const { return type != JsonType::kAbsent; }
  // Present, and not null.
  [[nodiscard]] bool holds() const {
    return present() && (type != JsonType::kLiteral || AsText(text) != "null");
  }
  // Present, and neither null nor "".
  [[nodiscard]] bool has_content() const { return holds() && !text.empty(); }
};

// The first byte at or after `at` that is not white space, or `end`.
inline const uint8_t* SkipJsonSpace(const uint8_t* at, const uint8_t* end) {
  while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    ++at;
  return at;
}

// Follows RFC 8259 except that strings need not be UTF-8, and escapes in them
// are not checked (json_string.h does that where a string is used). Functions
// that return bool return false at the end of the current object or array, and
// on failure, which status() distinguishes; after a failure no more calls are
// allowed.
class JsonCursor {
 public:
  // The nesting depth of arrays and objects in a skipped value.
  static constexpr size_t kMaxDepth = 128;

  explicit JsonCursor(Bytes text)
      : at_(text.data()), end_(text.data() + text.size()) {}

  [[nodiscard]] const uint8_t* at() const { return at_; }
  [[nodiscard]] JsonStatus status() const { return status_; }

  // The first character of the next value, having skipped the white space
  // before it; 0, and a status, if the text ends.
  char Peek();

  // Enters the object or array whose bracket is at at().
  void Enter() {
    ++at_;
    after_value_ = false;
  }
  // Moves to the next member's value, or past the end of the object.
  bool NextMember(JsonValue* key);
  // Moves to the next element, or past the end of the array.
  bool NextElement();

  // Reads the next value; the content of an array or object is skipped.
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
  bool after_value_ = false;  // otherwise after an opening bracket
  JsonStatus status_ = JsonStatus::kOk;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_CURSOR_H_
