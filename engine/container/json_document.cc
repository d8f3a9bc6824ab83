// See json_document.h.
#include "container/json_document.h"

#include <string>

#include "container/json_record.h"
#include "text/printable.h"

namespace thresh {
namespace {

// A payload is the event itself, and holds no other payload.
enum class Level : uint8_t { kDocument, kPayload };

class DocumentReader {
 public:
  DocumentReader(JsonCursor* cursor, JsonPlace place, Level level,
                 JsonFrames* frames)
      : cursor_(cursor), place_(place), level_(level), frames_(frames) {}

  JsonOutcome Read() {
    const JsonFrames::Mark before = frames_->mark();
    JsonOutcome outcome = ReadObject();
    TellStream(before);
    return outcome;
  }

 private:
  JsonOutcome ReadObject() {
    const uint8_t* const start = cursor_->at();
    // Before what lies in it, for places are asked for in order.
    const size_t offset = place_.OffsetOf(start);
    cursor_->Enter();
    JsonValue key;
    while (cursor_->NextMember(&key)) {
      ReadMember(key);
      if (cursor_->status() != JsonStatus::kOk) break;
    }
    JsonOutcome outcome = {cursor_->status(), good_end_, std::nullopt};
    if (outcome.status != JsonStatus::kOk) return outcome;
    if (is_envelope_ || (is_failure_ && ReadKeptPayload())) return outcome;
    if (batch_info_.type == JsonType::kObject) {
      outcome.lack = Lack();
    } else {
      const size_t end = place_.OffsetOf(cursor_->at());
      AddJsonRecord(record_, offset, end - offset, frames_);
    }
    return outcome;
  }

  void ReadMember(const JsonValue& key) {
    JsonValue ignored;
    const char first = cursor_->Peek();
    if (first == '[' &&
        (StandsFor(key, "Records") || StandsFor(key, "records"))) {
      is_envelope_ = true;
      ReadElements();
    } else if (level_ == Level::kPayload) {
      if (!record_.Take(key, cursor_)) cursor_->Read(&ignored);
    } else if (StandsFor(key, "payload")) {
      ReadPayload(first);
    } else if (StandsFor(key, "KinesisBatchInfo")) {
      is_failure_ = true;
      cursor_->Read(&batch_info_);
    } else if (StandsFor(key, "sourceKinesisStreamArn") ||
               StandsFor(key, "streamArn")) {
      cursor_->Read(&stream_arn_);
    } else if (StandsFor(key, "requestContext") ||
               StandsFor(key, "responseContext")) {
      is_failure_ = true;
      cursor_->Read(&ignored);
    } else if (!record_.Take(key, cursor_)) {
      cursor_->Read(&ignored);
    }
  }

  void ReadElements() {
    cursor_->Enter();
    while (cursor_->NextElement()) {
      const uint8_t* const start = cursor_->at();
      JsonRecord record;
      ReadElement(&record);
      if (cursor_->status() != JsonStatus::kOk) return;
      const size_t offset = place_.OffsetOf(start);
      good_end_ = place_.OffsetOf(cursor_->at());
      AddJsonRecord(record, offset, *good_end_ - offset, frames_);
    }
  }

  void ReadElement(JsonRecord* record) {
    JsonValue ignored;
    if (cursor_->Peek() != '{') {
      cursor_->Read(&ignored);
      return;
    }
    cursor_->Enter();
    JsonValue key;
    while (cursor_->NextMember(&key)) {
      if (!record->Take(key, cursor_)) cursor_->Read(&ignored);
      if (cursor_->status() != JsonStatus::kOk) return;
    }
  }

  // A payload is read at once if it is known by now to be the event of a failed
  // invocation, so that its records come out even if its end is missing. Else
  // it waits for the rest of the document.
  void ReadPayload(char first) {
    if (!is_failure_ || first != '{' || is_envelope_) {
      cursor_->Read(&payload_);
      return;
    }
    is_envelope_ = true;
    const JsonOutcome event =
        DocumentReader(cursor_, place_, Level::kPayload, frames_).Read();
    good_end_ = event.status == JsonStatus::kOk ? place_.OffsetOf(cursor_->at())
                                                : event.good_end;
  }

  // False if there is none.
  bool ReadKeptPayload() {
    if (payload_.type == JsonType::kObject) {
      JsonCursor cursor(payload_.text);
      DocumentReader(&cursor, place_, Level::kPayload, frames_).Read();
    } else if (payload_.type == JsonType::kString) {
      ReadPayloadText();
    }
    return payload_.type == JsonType::kObject ||
           payload_.type == JsonType::kString;
  }

  void ReadPayloadText() {
    const Bytes inside = payload_.text;
    const size_t offset = place_.OffsetOf(inside.data());
    const std::optional<size_t> size = UnescapeJson(inside, frames_->room());
    if (!size.has_value()) return frames_->AddOpaque(offset, inside.size());
    const Bytes text = frames_->Keep(*size);
    JsonCursor cursor(text);
    std::optional<size_t> good_end = offset;
    if (cursor.Peek() == '{') {
      const JsonPlace place(text.data(), offset, inside);
      const JsonOutcome event =
          DocumentReader(&cursor, place, Level::kPayload, frames_).Read();
      if (event.status == JsonStatus::kOk) return;
      if (event.good_end.has_value()) good_end = event.good_end;
    }
    frames_->AddOpaque(*good_end, offset + inside.size() - *good_end);
  }

  // Calls visit(key, value) for each member of "KinesisBatchInfo".
  template <typename Visit>
  void ForBatchInfo(Visit&& visit) const {
    if (batch_info_.type != JsonType::kObject) return;
    JsonCursor cursor(batch_info_.text);
    cursor.Enter();
    JsonValue key;
    JsonValue value;
    while (cursor.NextMember(&key) && cursor.Read(&value)) visit(key, value);
  }

  // To the records that came of this document since `before`. Wherever the
  // stream's name stands: what is known of it by now is all that will be.
  void TellStream(const JsonFrames::Mark& before) {
    ForBatchInfo([this](const JsonValue& key, const JsonValue& value) {
      if (StandsFor(key, "streamArn")) stream_arn_ = value;
    });
    const std::optional<Bytes> stream = JsonTextOf(stream_arn_, frames_);
    if (stream.has_value()) frames_->TellStream(before, *stream);
  }

  [[nodiscard]] Error Lack() const {
    std::string shard = "an unknown shard";
    std::string first = "?";
    std::string last = "?";
    ForBatchInfo([&](const JsonValue& key, const JsonValue& value) {
      const std::string text = Printable(AsText(value.text));
      if (StandsFor(key, "shardId")) shard = text;
      if (StandsFor(key, "startSequenceNumber")) first = text;
      if (StandsFor(key, "endSequenceNumber")) last = text;
    });
    return {.code = ErrorCode::kContainer,
            .file = {},
            .offset = std::nullopt,
            .message =
                "the report of a failed invocation without a payload "
                "holds no records; it names those of " +
                shard + " from " + first + " to " + last,
            .remedy = "read them from the stream while it still has them"};
  }

  JsonCursor* cursor_;
  JsonPlace place_;
  Level level_;
  JsonFrames* frames_;
  JsonRecord record_;
  JsonValue payload_;
  JsonValue batch_info_;
  JsonValue stream_arn_;
  bool is_failure_ = false;
  bool is_envelope_ = false;
  std::optional<size_t> good_end_;
};

}  // namespace

JsonOutcome ReadJsonDocument(JsonCursor* cursor, JsonPlace place,
                             JsonFrames* frames) {
  return DocumentReader(cursor, place, Level::kDocument, frames).Read();
}

}  // namespace thresh
