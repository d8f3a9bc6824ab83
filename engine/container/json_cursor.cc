// See json_cursor.h.
#include "container/json_cursor.h"

#include <algorithm>
#include <bitset>
#include <cstring>

namespace thresh {
namespace {

const uint8_t* Find(const uint8_t* at, const uint8_t* end, char wanted) {
  const void* found = std::memchr(at, wanted, static_cast<size_t>(end - at));
  return found == nullptr ? end : static_cast<const uint8_t*>(found);
}

bool IsControl(uint8_t c) { return c < 0x20; }

// Whether a string holds a backslash, and whether it holds a byte that is not
// allowed.
struct Specials {
  bool backslash;
  bool control;
};

Specials Look(const uint8_t* at, const uint8_t* end) {
  // Without a branch, so that the compiler can vectorize it.
  uint8_t backslashes = 0;
  uint8_t controls = 0;
  for (; at != end; ++at) {
    backslashes |= static_cast<uint8_t>(*at == '\\');
    controls |= static_cast<uint8_t>(*at < 0x20);
  }
  return {backslashes != 0, controls != 0};
}

// The quote that ends the string that contains `at`, or `end`; `quote` is the
// first one, escaped or not.
const uint8_t* EndOfEscaped(const uint8_t* at, const uint8_t* quote,
                            const uint8_t* end) {
  while (true) {
    const uint8_t* backslash = Find(at, quote, '\\');
    if (backslash == quote) return quote;
    if (end - backslash <= 2) return end;
    at = backslash + 2;
    if (at > quote) quote = Find(at, end, '"');
  }
}

bool IsDigit(uint8_t c) { return c >= '0' && c <= '9'; }

}  // namespace

char JsonCursor::Peek() {
  at_ = SkipJsonSpace(at_, end_);
  if (at_ == end_) {
    status_ = JsonStatus::kTruncated;
    return 0;
  }
  return static_cast<char>(*at_);
}

// Moves to the next token inside an object or array, after the comma if one is
// due; false at its end, or on failure.
bool JsonCursor::StepTo(char end_bracket) {
  const char next = Peek();
  if (status_ != JsonStatus::kOk) return false;
  if (next == end_bracket) {
    ++at_;
    after_value_ = true;
    return false;
  }
  if (!after_value_) return true;
  if (next != ',') return Fail(JsonStatus::kBroken);
  ++at_;
  Peek();
  return status_ == JsonStatus::kOk;
}

bool JsonCursor::NextMember(JsonValue* key) {
  if (!StepTo('}')) return false;
  if (*at_ != '"') return Fail(JsonStatus::kBroken);
  if (!ReadString(key)) return false;
  const char colon = Peek();
  if (status_ != JsonStatus::kOk) return false;
  if (colon != ':') return Fail(JsonStatus::kBroken);
  ++at_;
  Peek();
  return status_ == JsonStatus::kOk;
}

bool JsonCursor::NextElement() { return StepTo(']'); }

bool JsonCursor::ReadString(JsonValue* value) {
  const uint8_t* const start = at_ + 1;
  const uint8_t* quote = Find(start, end_, '"');
  Specials specials = Look(start, quote);
  if (specials.backslash && !specials.control) {
    quote = EndOfEscaped(start, quote, end_);
    specials = Look(start, quote);
  }
  if (specials.control) {
    at_ = std::find_if(start, quote, IsControl);
    return Fail(JsonStatus::kBroken);
  }
  if (quote == end_) {
    at_ = end_;
    return Fail(JsonStatus::kTruncated);
  }
  *value = {.type = JsonType::kString,
            .text = {start, quote},
            .escaped = specials.backslash};
  at_ = quote + 1;
  return true;
}

// A number's end is known only by the byte after it.
bool JsonCursor::ReadNumber() {
  const auto digits = [this] {
    const uint8_t* const start = at_;
    at_ = std::find_if_not(at_, end_, IsDigit);
    if (at_ == end_) return Fail(JsonStatus::kTruncated);
    return at_ != start || Fail(JsonStatus::kBroken);
  };
  if (*at_ == '-') ++at_;
  const bool zero = at_ != end_ && *at_ == '0';
  if (zero) {
    ++at_;
    if (at_ == end_) return Fail(JsonStatus::kTruncated);
  } else if (!digits()) {
    return false;
  }
  if (*at_ == '.') {
    ++at_;
    if (!digits()) return false;
  }
  if (*at_ == 'e' || *at_ == 'E') {
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return false;
  }
  return true;
}

bool JsonCursor::ReadLiteral(std::string_view word) {
  const auto left = static_cast<size_t>(end_ - at_);
  const size_t size = std::min(left, word.size());
  if (std::memcmp(at_, word.data(), size) != 0) {
    return Fail(JsonStatus::kBroken);
  }
  at_ += size;
  return size == word.size() || Fail(JsonStatus::kTruncated);
}

bool JsonCursor::ReadScalar(char first, JsonValue* value) {
  const uint8_t* const start = at_;
  after_value_ = true;
  if (first == '"') return ReadString(value);
  value->type = JsonType::kLiteral;
  value->escaped = false;
  bool read = false;
  if (first == 't') {
    read = ReadLiteral("true");
  } else if (first == 'f') {
    read = ReadLiteral("false");
  } else if (first == 'n') {
    read = ReadLiteral("null");
  } else if (first == '-' || IsDigit(static_cast<uint8_t>(first))) {
    value->type = JsonType::kNumber;
    read = ReadNumber();
  } else {
    return Fail(JsonStatus::kBroken);
  }
  value->text = {start, at_};
  return read;
}

// Skips the object or array at at_.
bool JsonCursor::Cross() {
  std::bitset<kMaxDepth> is_object;
  size_t depth = 0;
  JsonValue ignored;
  do {
    const char next = Peek();
    if (status_ != JsonStatus::kOk) return false;
    if (next == '{' || next == '[') {
      if (depth == kMaxDepth) return Fail(JsonStatus::kBroken);
      is_object[depth++] = next == '{';
      Enter();
    } else if (!ReadScalar(next, &ignored)) {
      return false;
    }
    // To the next value, out of all containers that end before it.
    while (depth > 0 &&
           !(is_object[depth - 1] ? NextMember(&ignored) : NextElement())) {
      if (status_ != JsonStatus::kOk) return false;
      --depth;
    }
  } while (depth > 0);
  return true;
}

bool JsonCursor::Read(JsonValue* value) {
  const char next = Peek();
  if (status_ != JsonStatus::kOk) return false;
  if (next != '{' && next != '[') return ReadScalar(next, value);
  const uint8_t* const start = at_;
  if (!Cross()) return false;
  *value = {.type = next == '{' ? JsonType::kObject : JsonType::kArray,
            .text = {start, at_},
            .escaped = false};
  return true;
}

}  // namespace thresh
