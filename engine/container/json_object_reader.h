// Reads one JSON object of a container, and what lies in it, for
// json_document.h.
#ifndef THRESH_CONTAINER_JSON_OBJECT_READER_H_
#define THRESH_CONTAINER_JSON_OBJECT_READER_H_

#include <cstddef>
#include <optional>

#include "container/json_cursor.h"
#include "container/json_document.h"
#include "container/json_frames.h"
#include "container/json_record.h"
#include "thresh/bytes.h"

namespace thresh {

class JsonObjectReader {
 public:
  // `wrappers` were opened on the way here. An element of a list holds no list.
  JsonObjectReader(JsonCursor* cursor, JsonPlace* place, int wrappers,
                   JsonFrames* frames)
      : cursor_(cursor), place_(place), wrappers_(wrappers), frames_(frames) {}

  JsonOutcome ReadDocument();
  JsonOutcome ReadElement(bool listed);
  // The record of an outline, once more.
  void ReadRecord(const JsonItems::Item& item);

 private:
  JsonOutcome Read();
  void AddReport(size_t offset, size_t length);
  void ReadMember(const JsonValue& key);
  bool ReadList(bool listed);
  void ReadElements(bool listed);
  void AddForeignElement();
  void TakeOutcome(const JsonOutcome& inner);
  // To the records that came of this document since `before`. Wherever the
  // stream's name stands: what is known of it by now is all that will be.
  void TellStream(const JsonFrames::Mark& before);
  [[nodiscard]] std::optional<Bytes> Stream();
  // Around what was added since `before`.
  void BecomeEnvelope(const JsonFrames::Mark& before);

  // Documents within documents: json_wrapped.cc.
  void ReadEvent();
  void ReadWrapped();
  bool NoteIfTooDeep(Bytes value);
  void PassOver();
  void ReadSns();
  void ReadDocuments();
  bool HoldsDocuments(const JsonValue& string);
  void ReadText(const JsonValue& string);
  JsonOutcome ReadNext(JsonCursor* cursor, JsonPlace* place);
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

  JsonCursor* cursor_;
  JsonPlace* place_;
  int wrappers_;
  JsonFrames* frames_;
  bool is_element_ = false;
  JsonRecord record_;
  JsonValue batch_info_;  // of the report of a failed invocation
  JsonValue stream_arn_;
  bool is_answer_ = false;  // of Kinesis to a consumer
  size_t members_ = 0;
  size_t answer_members_ = 0;  // those among them that answers have
  bool is_envelope_ = false;
  // A member that may hold the records of a report says something else.
  bool says_other_ = false;
  // Before the first that it holds: of an envelope, if it turns out as one.
  std::optional<JsonFrames::Mark> before_held_;
  std::optional<size_t> good_end_;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_OBJECT_READER_H_
