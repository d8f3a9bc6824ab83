// See json_document.h.
#include "container/json_document.h"

#include <string_view>
#include <utility>

#include "container/json_member.h"
#include "container/json_metadata.h"
#include "container/json_object_reader.h"
#include "container/json_record.h"

namespace thresh {

JsonOutcome JsonObjectReader::ReadDocument() {
  const JsonFrames::Mark before = frames_->mark();
  const JsonOutcome outcome = Read();
  SetStream(before);
  return outcome;
}

JsonOutcome JsonObjectReader::ReadElement(bool listed) {
  is_element_ = true;
  record_.listed = listed;
  return Read();
}

void JsonObjectReader::ReadRecord(const JsonItems::Item& item) {
  is_element_ = item.is_element;
  record_.listed = item.listed;
  Read();
}

JsonOutcome JsonObjectReader::Read() {
  const uint8_t* const start = cursor_->at();
  // Before its content, since offsets must be requested in order.
  const size_t offset = place_->OffsetOf(start);
  const size_t too_deep = frames_->too_deep();
  cursor_->Enter();
  JsonValue key;
  while (cursor_->NextMember(&key)) {
    ++members_;
    ReadMember(key);
    if (cursor_->status() != JsonStatus::kOk) break;
  }
  if (cursor_->status() != JsonStatus::kOk) record_.NoteIn(frames_);
  record_.holds_too_deep = frames_->too_deep() != too_deep;
  if (before_held_.has_value() && (!is_envelope_ || record_.HoldsData())) {
    // A record, whatever its other members are; or opaque.
    frames_->Return(*before_held_);
    is_envelope_ = false;
    good_end_.reset();
  }
  const JsonOutcome outcome = {cursor_->status(), good_end_};
  if (outcome.status != JsonStatus::kOk) return outcome;
  const size_t length = place_->OffsetOf(cursor_->at()) - offset;
  if (batch_info_.type == JsonType::kObject && !record_.HoldsData()) {
    AddReport(offset, length);
  } else if (is_answer_ && members_ == answer_members_ && !is_element_) {
    frames_->Recognize();
  } else if (!is_envelope_) {
    frames_->NoteRecord({.text = start,
                         .wrappers = static_cast<uint8_t>(wrappers_),
                         .is_element = is_element_,
                         .listed = record_.listed});
    AddJsonRecord(record_, offset, length, frames_);
  }
  return outcome;
}

// Of a failed invocation. If it has the event, only the event's records are
// added; any other value in its place is opaque.
void JsonObjectReader::AddReport(size_t offset, size_t length) {
  if (is_envelope_ && frames_->HasGrownSince(*before_held_)) return;
  frames_->AddReport(ReadMissingRange(batch_info_, Stream(), offset, frames_));
  if (!is_envelope_ && says_other_) {
    frames_->AddOpaque(offset, length, OtherReasonOf(record_));
  }
}

void JsonObjectReader::ReadMember(const JsonValue& key) {
  if (record_.Take(key, cursor_)) return;
  JsonValue ignored;
  switch (RoleOf(key)) {
    case JsonRole::kRecords:
      if (ReadList(/*listed=*/true)) return;
      break;
    case JsonRole::kMessages:
      if (ReadList(/*listed=*/false)) return;
      break;
    case JsonRole::kEvent:
      ReadEvent();
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
    case JsonRole::kAnswer:
      is_answer_ = true;
      ++answer_members_;
      break;
    case JsonRole::kAnswerDetail:
      ++answer_members_;
      break;
    case JsonRole::kNone:
      break;
  }
  cursor_->Read(&ignored);
}

// Reads the next value, if it is a list of records (`listed`) or messages, or
// null in place of an empty one. False if it was not read.
bool JsonObjectReader::ReadList(bool listed) {
  const char first = cursor_->Peek();
  if (is_element_ || (first != '[' && first != 'n')) return false;
  const JsonFrames::Mark before = frames_->mark();
  if (first == 'n') {
    JsonValue null;
    if (!cursor_->Read(&null)) return true;
    frames_->Recognize();
    BecomeEnvelope(before);
  } else if (listed) {
    BecomeEnvelope(before);
    ReadElements(/*listed=*/true);
  } else {
    Keep([this] { ReadElements(/*listed=*/false); });
  }
  return true;
}

void JsonObjectReader::ReadElements(bool listed) {
  const size_t before = frames_->recognized();
  bool empty = true;
  cursor_->Enter();
  while (cursor_->NextElement()) {
    empty = false;
    if (cursor_->Peek() != '{') {
      AddForeignElement();
    } else {
      TakeOutcome(JsonObjectReader(cursor_, place_, wrappers_, frames_)
                      .ReadElement(listed));
    }
    if (cursor_->status() != JsonStatus::kOk) return;
  }
  // An empty list is the whole content of a response without records.
  if (empty && cursor_->status() == JsonStatus::kOk &&
      frames_->recognized() == before) {
    frames_->Recognize();
  }
}

// An element that is not an object: text that holds documents, or opaque.
void JsonObjectReader::AddForeignElement() {
  const uint8_t* const start = cursor_->at();
  JsonValue element;
  if (!cursor_->Read(&element)) return;
  const size_t offset = place_->OffsetOf(start);
  const bool read = HoldsDocuments(element);
  good_end_ = place_->OffsetOf(cursor_->at());
  if (read) return;
  const bool too_deep = NoteIfTooDeep(Bytes(start, cursor_->at()));
  frames_->AddOpaque(offset, *good_end_ - offset,
                     too_deep ? Reason::kTooDeep : Reason::kNotARecord);
}

void JsonObjectReader::TakeOutcome(const JsonOutcome& inner) {
  if (inner.status == JsonStatus::kOk) {
    good_end_ = place_->OffsetOf(cursor_->at());
  } else if (inner.good_end.has_value()) {
    good_end_ = inner.good_end;
  }
}

void JsonObjectReader::BecomeEnvelope(const JsonFrames::Mark& before) {
  is_envelope_ = true;
  if (!before_held_.has_value()) before_held_ = before;
}

void JsonObjectReader::SetStream(const JsonFrames::Mark& before) {
  const std::optional<Bytes> stream = Stream();
  if (stream.has_value()) frames_->SetStream(before, *stream);
}

std::optional<Bytes> JsonObjectReader::Stream() {
  const JsonValue named = StreamArnOf(batch_info_);
  return StreamOf(JsonTextOf(
      named.type == JsonType::kAbsent ? stream_arn_ : named, frames_));
}

JsonOutcome ReadJsonDocument(JsonCursor* cursor, JsonPlace* place,
                             JsonFrames* frames) {
  return JsonObjectReader(cursor, place, 0, frames).ReadDocument();
}

std::shared_ptr<const JsonOutline> OutlineJsonDocument(Bytes segment,
                                                       Bytes text,
                                                       Column<uint8_t>* room) {
  Frames scratch;
  scratch.decoded = std::move(*room);
  auto outline = std::make_shared<JsonOutline>();
  outline->items = JsonItems(text.data());
  const auto start = static_cast<size_t>(text.data() - segment.data());
  JsonFrames items(segment, text.size(), &scratch, outline.get(), start);
  JsonCursor cursor(text);
  JsonPlace place(text.data(), start);
  const JsonOutcome outcome = ReadJsonDocument(&cursor, &place, &items);
  items.Finish();
  outline->streams.Finish();
  outline->start = text.data();
  outline->broken = outcome.status != JsonStatus::kOk;
  outline->size = outline->broken
                      ? outcome.good_end.value_or(start) - start
                      : static_cast<size_t>(cursor.at() - text.data());
  outline->reports = std::move(scratch.missing_ranges);
  for (MissingRange& report : outline->reports) report.offset -= start;
  outline->texts = std::move(scratch.texts);
  return outline;
}

void ReadOutlined(const JsonItems::Item& item, std::optional<Bytes> stream,
                  size_t offset, JsonFrames* frames) {
  if (item.text == nullptr) {
    return frames->AddOpaque(offset, item.length, item.reason);
  }
  frames->FlushOpaque();
  const JsonFrames::Mark before = frames->mark();
  JsonCursor cursor(Bytes(item.text, item.length));
  JsonPlace place(item.text, 0);
  JsonObjectReader(&cursor, &place, item.wrappers, frames).ReadRecord(item);
  if (!frames->IsOneRecordSince(before)) {
    // A mapped file was modified since the outline was made.
    frames->Return(before);
    return frames->AddOpaque(offset, item.length, Reason::kBrokenJson);
  }
  frames->PlaceLast(offset, item.length, stream);
}

}  // namespace thresh
