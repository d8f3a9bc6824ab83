// Documents within documents: as objects, lists, or text.
#include <algorithm>
#include <string_view>

#include "base/byte_order_mark.h"
#include "container/json_object_reader.h"
#include "container/json_string.h"

namespace thresh {
namespace {

// Where the next document in a text may begin: after white space and byte order
// marks.
const uint8_t* SkipToDocument(const uint8_t* at, const uint8_t* end) {
  while (true) {
    at = SkipJsonSpace(at, end);
    if (!AsText(Bytes(at, end)).starts_with(kByteOrderMark)) return at;
    at += kByteOrderMark.size();
  }
}

// Whether `value`, as it is written, is null, or empty lists or text.
bool IsBlank(Bytes value) {
  constexpr std::string_view kFrame = "{}[]\", \t\r\n";
  std::string_view text = AsText(value);
  text.remove_prefix(std::min(text.find_first_not_of(kFrame), text.size()));
  text = text.substr(0, text.find_last_not_of(kFrame) + 1);
  return text.empty() || text == "null";
}

// Whether `value`, as it is written, is an object, or a list or text of
// objects, with a member for data: its name ends with "data", in either case.
bool MayHoldData(Bytes value) {
  const std::string_view text = AsText(value);
  const size_t first = text.find_first_not_of("\" \t\r\n");
  if (first == std::string_view::npos ||
      std::string_view("{[\\").find(text[first]) == std::string_view::npos) {
    return false;
  }
  constexpr std::string_view kName = "ata";
  for (size_t at = text.find(kName); at != std::string_view::npos;
       at = text.find(kName, at)) {
    at += kName.size();
    // The quote, which is preceded by backslashes in text, and the colon.
    const size_t quote = text.find_first_not_of('\\', at);
    if (quote == std::string_view::npos || text[quote] != '"') continue;
    const size_t colon = text.find_first_not_of(" \t\r\n", quote + 1);
    if (colon != std::string_view::npos && text[colon] == ':') return true;
  }
  return false;
}

}  // namespace

// Of a failed invocation.
void JsonObjectReader::ReadEvent() {
  const uint8_t* const start = cursor_->at();
  ReadWrapped();
  if (cursor_->status() == JsonStatus::kOk) {
    says_other_ = !IsBlank(Bytes(start, cursor_->at()));
  }
}

void JsonObjectReader::ReadWrapped() {
  const char first = cursor_->Peek();
  JsonValue value;
  if (wrappers_ == kMaxJsonWrappers) {
    PassOver();
  } else if (first == '{') {
    Keep([this] {
      TakeOutcome(JsonObjectReader(cursor_, place_, wrappers_ + 1, frames_)
                      .ReadDocument());
    });
  } else if (first == '[') {
    Keep([this] { ReadDocuments(); });
  } else if (cursor_->Read(&value) && value.type == JsonType::kString) {
    Keep([this, &value] { ReadText(value); });
  }
}

// Whether `value`, as it is written, may hold records and is not read. This is
// then recorded.
bool JsonObjectReader::NoteIfTooDeep(Bytes value) {
  if (wrappers_ < kMaxJsonWrappers || !MayHoldData(value)) return false;
  frames_->NoteTooDeep();
  return true;
}

// Skips the next value, which is wrapped too deep. It is opaque by itself if
// there are records around it.
void JsonObjectReader::PassOver() {
  cursor_->Peek();
  const uint8_t* const start = cursor_->at();
  JsonValue value;
  if (!cursor_->Read(&value) || !NoteIfTooDeep(Bytes(start, cursor_->at())))
    return;
  if (!before_held_.has_value()) before_held_ = frames_->mark();
  const size_t offset = place_->OffsetOf(start);
  good_end_ = place_->OffsetOf(cursor_->at());
  frames_->AddOpaque(offset, *good_end_ - offset, Reason::kTooDeep);
}

void JsonObjectReader::ReadDocuments() {
  cursor_->Enter();
  while (cursor_->NextElement()) {
    if (cursor_->Peek() != '{') {
      AddForeignElement();
    } else {
      TakeOutcome(JsonObjectReader(cursor_, place_, wrappers_ + 1, frames_)
                      .ReadDocument());
    }
    if (cursor_->status() != JsonStatus::kOk) return;
  }
}

void JsonObjectReader::ReadSns() {
  JsonValue value;
  if (cursor_->Peek() != '{') {
    cursor_->Read(&value);
    return;
  }
  cursor_->Enter();
  JsonValue key;
  while (cursor_->NextMember(&key)) {
    if (IsNamed(key, "message")) {
      ReadWrapped();
    } else {
      cursor_->Read(&value);
    }
    if (cursor_->status() != JsonStatus::kOk) return;
  }
}

// Adds the documents in `string`, a top-level value; false if they are not
// known.
bool JsonObjectReader::HoldsDocuments(const JsonValue& string) {
  if (string.type != JsonType::kString || wrappers_ >= kMaxJsonWrappers) {
    return false;
  }
  const JsonFrames::Mark before = frames_->mark();
  const size_t known = frames_->recognized();
  ReadText(string);
  if (frames_->recognized() != known) return true;
  frames_->Return(before);
  return false;
}

// Reads consecutive documents in a string, as in a file. Bytes after the last
// one that can be read are opaque.
void JsonObjectReader::ReadText(const JsonValue& string) {
  const Bytes inside = string.text;
  const std::optional<Bytes> text = frames_->KeepText(string);
  if (!text.has_value()) return;
  const uint8_t* const end = text->data() + text->size();
  const uint8_t* at = SkipToDocument(text->data(), end);
  if (at == end || (*at != '{' && *at != '[' && *at != '"')) return;
  JsonPlace place(text->data(), inside, place_);
  const size_t offset = place_->OffsetOf(inside.data());
  std::optional<size_t> good_end;
  for (; at != end; at = SkipToDocument(at, end)) {
    const size_t before = frames_->record_names();
    const size_t too_deep = frames_->too_deep();
    JsonCursor cursor(Bytes(at, end));
    const JsonOutcome inner = ReadNext(&cursor, &place);
    at = cursor.at();
    if (inner.status == JsonStatus::kOk) {
      good_end = place.OffsetOf(at);
      continue;
    }
    if (inner.status == JsonStatus::kTruncated ||
        frames_->record_names() != before) {
      record_.holds_broken_text = true;
    }
    if (inner.good_end.has_value()) good_end = inner.good_end;
    const size_t from = good_end.value_or(offset);
    // In a string within a string, more than offset + inside.size().
    const size_t string_end = place_->OffsetOf(inside.data() + inside.size());
    frames_->AddOpaque(from, string_end - from,
                       frames_->too_deep() == too_deep ? Reason::kBrokenJson
                                                       : Reason::kTooDeep);
    break;
  }
  good_end_ = place_->OffsetOf(inside.data() + inside.size());
}

// The document, array of documents or string with documents at `cursor`.
JsonOutcome JsonObjectReader::ReadNext(JsonCursor* cursor, JsonPlace* place) {
  JsonObjectReader inner(cursor, place, wrappers_ + 1, frames_);
  switch (cursor->Peek()) {
    case '{':
      return inner.ReadDocument();
    case '[': {
      JsonObjectReader list(cursor, place, wrappers_, frames_);
      list.ReadDocuments();
      return {cursor->status(), list.good_end_};
    }
    case '"': {
      JsonValue string;
      if (!cursor->Read(&string)) return {cursor->status(), {}};
      if (!inner.HoldsDocuments(string)) {
        inner.NoteIfTooDeep(string.text);
        return {JsonStatus::kBroken, {}};
      }
      return {JsonStatus::kOk, {}};
    }
    default:
      return {JsonStatus::kBroken, {}};
  }
}

}  // namespace thresh
