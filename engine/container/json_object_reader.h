// Reads one JSON object of a container, and its content, for json_document.h.
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
  // `wrappers` is the number of wrappers around it. An element of a list holds
  // no list.
  JsonObjectReader(JsonCursor* cursor, JsonPlace* place, int wrappers,
                   JsonFrames* frames)
      : cursor_(cursor), place_(place), wrappers_(wrappers), frames_(frames) {}

  JsonOutcome ReadDocument();
  JsonOutcome ReadElement(bool listed);
  // Reads the record of an outline again.
  void ReadRecord(const JsonItems::Item& item);

 private:
  JsonOutcome Read();
  void AddReport(size_t offset, size_t length);
  void ReadMember(const JsonValue& key);
  bool ReadList(bool listed);
  void ReadElements(bool listed);
  void AddForeignElement();
  void TakeOutcome(const JsonOutcome& inner);
  // Sets the stream of this document's records since `before`. The stream's
  // name may be anywhere in the document, which has been read by now.
  void SetStream(const JsonFrames::Mark& before);
  [[nodiscard]] std::optional<Bytes> Stream();
  // Makes this an envelope around what was added since `before`.
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
  // this object is an envelope around it; otherwise it is treated as not read.
  template <typename ReadValue>
  void Keep(ReadValue&& read) {
    const JsonFrames::Mark before = frames_->mark();
    const size_t known = frames_->recognized();
    const std::optional<size_t> good_end = good_end_;
    read();
    if (frames_->recognized() == known) {
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
  bool is_answer_ = false;  // a response of Kinesis to a consumer
  size_t members_ = 0;
  size_t answer_members_ = 0;  // those of them that responses have
  bool is_envelope_ = false;
  // A member that may hold the records of a report has another value.
  bool says_other_ = false;
  // Before the first thing that it holds, if it is an envelope.
  std::optional<JsonFrames::Mark> before_held_;
  std::optional<size_t> good_end_;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_OBJECT_READER_H_
