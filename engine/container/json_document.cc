// See json_document.h.
#include "container/json_document.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "container/json_member.h"
#include "container/json_metadata.h"
#include "container/json_record.h"

namespace thresh {
namespace {

class ObjectReader {
 public:
  // `wrappers` were opened on the way here. An element of a list holds no list.
  ObjectReader(JsonCursor* cursor, JsonPlace* place, int wrappers,
               JsonFrames* frames)
      : cursor_(cursor), place_(place), wrappers_(wrappers), frames_(frames) {}

  JsonOutcome ReadDocument() {
    const JsonFrames::Mark before = frames_->mark();
    const JsonOutcome outcome = Read();
    TellStream(before);
    return outcome;
  }

  JsonOutcome ReadElement(bool listed) {
    is_element_ = true;
    record_.listed = listed;
    return Read();
  }

 private:
  JsonOutcome Read() {
    const uint8_t* const start = cursor_->at();
    // Before what lies in it, for places are asked for in order.
    const size_t offset = place_->OffsetOf(start);
    cursor_->Enter();
    JsonValue key;
    while (cursor_->NextMember(&key)) {
      ReadMember(key);
      if (cursor_->status() != JsonStatus::kOk) break;
    }
    if (cursor_->status() != JsonStatus::kOk) record_.NoteIn(frames_);
    if (is_envelope_ && record_.HoldsData()) {
      // A record, whatever its other members are called and hold.
      frames_->Return(*before_held_);
      is_envelope_ = false;
      good_end_.reset();
    }
    const JsonOutcome outcome = {cursor_->status(), good_end_};
    if (outcome.status != JsonStatus::kOk || is_envelope_) return outcome;
    if (batch_info_.type == JsonType::kObject && !has_event_ &&
        !record_.HoldsData()) {
      frames_->AddReport(
          ReadMissingRange(batch_info_, Stream(), offset, frames_));
    } else {
      const size_t end = place_->OffsetOf(cursor_->at());
      AddJsonRecord(record_, offset, end - offset, frames_);
    }
    return outcome;
  }

  void ReadMember(const JsonValue& key) {
    if (record_.Take(key, cursor_)) return;
    switch (RoleOf(key)) {
      case JsonRole::kRecords:
        if (is_element_ || cursor_->Peek() != '[') break;
        BecomeEnvelope(frames_->mark());
        ReadElements(/*listed=*/true);
        return;
      case JsonRole::kMessages:
        if (is_element_ || cursor_->Peek() != '[') break;
        Keep([this] { ReadElements(/*listed=*/false); });
        return;
      case JsonRole::kEvent:
        has_event_ = cursor_->Peek() != 'n';
        ReadWrapped();
        return;
      case JsonRole::kWrapper:
        ReadWrapped();
        return;
      case JsonRole::kSns:
        ReadSns();
        return;
      case JsonRole::kBatchInfo:
        cursor_->Read(&batch_info_);
        return;
      case JsonRole::kStreamArn:
        cursor_->Read(&stream_arn_);
        return;
      case JsonRole::kNone:
        break;
    }
    JsonValue ignored;
    cursor_->Read(&ignored);
  }

  void ReadElements(bool listed) {
    const size_t before = frames_->recognised();
    bool empty = true;
    cursor_->Enter();
    while (cursor_->NextElement()) {
      empty = false;
      if (cursor_->Peek() != '{') {
        AddForeignElement();
      } else {
        TakeOutcome(ObjectReader(cursor_, place_, wrappers_, frames_)
                        .ReadElement(listed));
      }
      if (cursor_->status() != JsonStatus::kOk) return;
    }
    // "Records": [] is all of an answer without records.
    if (empty && listed && cursor_->status() == JsonStatus::kOk &&
        frames_->recognised() == before) {
      frames_->Recognise();
    }
  }

  // An element that is no object.
  void AddForeignElement() {
    const uint8_t* const start = cursor_->at();
    JsonValue element;
    if (!cursor_->Read(&element)) return;
    const size_t offset = place_->OffsetOf(start);
    good_end_ = place_->OffsetOf(cursor_->at());
    frames_->AddOpaque(offset, *good_end_ - offset, Reason::kNotARecord);
  }

  void TakeOutcome(const JsonOutcome& inner) {
    if (inner.status == JsonStatus::kOk) {
      good_end_ = place_->OffsetOf(cursor_->at());
    } else if (inner.good_end.has_value()) {
      good_end_ = inner.good_end;
    }
  }

  // Runs `read`, which reads the next value. If that holds something known,
  // this object is an envelope around it; else it is as if not looked into.
  template <typename ReadValue>
  void Keep(ReadValue&& read) {
    const JsonFrames::Mark before = frames_->mark();
    const size_t known = frames_->recognised();
    const std::optional<size_t> good_end = good_end_;
    read();
    if (frames_->recognised() == known) {
      frames_->Return(before);
      good_end_ = good_end;
    } else {
      BecomeEnvelope(before);
    }
  }

  // Around what was added since `before`.
  void BecomeEnvelope(const JsonFrames::Mark& before) {
    is_envelope_ = true;
    if (!before_held_.has_value()) before_held_ = before;
  }

  void ReadWrapped() {
    const char first = cursor_->Peek();
    JsonValue value;
    if (wrappers_ == kMaxJsonWrappers) {
      cursor_->Read(&value);
    } else if (first == '{') {
      Keep([this] {
        TakeOutcome(ObjectReader(cursor_, place_, wrappers_ + 1, frames_)
                        .ReadDocument());
      });
    } else if (first == '[') {
      Keep([this] { ReadDocuments(); });
    } else if (cursor_->Read(&value) && value.type == JsonType::kString) {
      Keep([this, &value] { ReadText(value); });
    }
  }

  void ReadDocuments() {
    cursor_->Enter();
    while (cursor_->NextElement()) {
      if (cursor_->Peek() != '{') {
        AddForeignElement();
      } else {
        TakeOutcome(ObjectReader(cursor_, place_, wrappers_ + 1, frames_)
                        .ReadDocument());
      }
      if (cursor_->status() != JsonStatus::kOk) return;
    }
  }

  void ReadSns() {
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

  // Documents one after another in a string, as they are in a file. What
  // follows the last that can be read is opaque.
  void ReadText(const JsonValue& string) {
    const Bytes inside = string.text;
    const Bytes start = inside.first(std::min<size_t>(inside.size(), 64));
    if (AsText(start).find_first_of("{[") == std::string_view::npos) return;
    const std::optional<Bytes> text = frames_->KeepText(string);
    if (!text.has_value()) return;
    JsonPlace place(text->data(), inside, place_);
    JsonCursor cursor(*text);
    const size_t offset = place_->OffsetOf(inside.data());
    std::optional<size_t> good_end;
    while (SkipJsonSpace(cursor.at(), text->data() + text->size()) !=
           text->data() + text->size()) {
      const JsonOutcome inner = ReadNext(&cursor, &place);
      if (inner.status == JsonStatus::kOk) {
        good_end = place.OffsetOf(cursor.at());
        continue;
      }
      if (inner.good_end.has_value()) good_end = inner.good_end;
      const size_t from = good_end.value_or(offset);
      frames_->AddOpaque(from, offset + inside.size() - from,
                         Reason::kBrokenJson);
      break;
    }
    good_end_ = place_->OffsetOf(inside.data() + inside.size());
  }

  // The document or array of documents at `cursor`.
  JsonOutcome ReadNext(JsonCursor* cursor, JsonPlace* place) {
    const char first = cursor->Peek();
    if (first != '{' && first != '[') return {JsonStatus::kBroken, {}};
    if (first == '{') {
      return ObjectReader(cursor, place, wrappers_ + 1, frames_).ReadDocument();
    }
    ObjectReader list(cursor, place, wrappers_, frames_);
    list.ReadDocuments();
    return {cursor->status(), list.good_end_};
  }

  // To the records that came of this document since `before`. Wherever the
  // stream's name stands: what is known of it by now is all that will be.
  void TellStream(const JsonFrames::Mark& before) {
    const std::optional<Bytes> stream = Stream();
    if (stream.has_value()) frames_->TellStream(before, *stream);
  }

  std::optional<Bytes> Stream() {
    const JsonValue named = StreamArnOf(batch_info_);
    return StreamOf(JsonTextOf(
        named.type == JsonType::kAbsent ? stream_arn_ : named, frames_));
  }

  JsonCursor* cursor_;
  JsonPlace* place_;
  int wrappers_;
  JsonFrames* frames_;
  bool is_element_ = false;
  JsonRecord record_;
  JsonValue batch_info_;
  JsonValue stream_arn_;
  bool has_event_ = false;  // of a failed invocation
  bool is_envelope_ = false;
  std::optional<JsonFrames::Mark> before_held_;  // of an envelope
  std::optional<size_t> good_end_;
};

}  // namespace

JsonOutcome ReadJsonDocument(JsonCursor* cursor, JsonPlace* place,
                             JsonFrames* frames) {
  return ObjectReader(cursor, place, 0, frames).ReadDocument();
}

}  // namespace thresh
