// Collects the frames of a JSON segment: adjacent opaque stretches are merged,
// the frames of a document can be removed while it is unfinished, and decoded
// bytes do not move.
#ifndef THRESH_CONTAINER_JSON_FRAMES_H_
#define THRESH_CONTAINER_JSON_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "container/container.h"
#include "container/json_cursor.h"
#include "container/json_outline.h"
#include "thresh/column.h"

namespace thresh {

// Documents of other services that resemble those of Kinesis.
enum class JsonForeign : uint8_t {
  kNone,
  kTransformationResponse,  // what a function returns to Firehose
  kMskEvent,                // Firehose's records of a Kafka topic
  kPutRecordsRequest,
  kThreshNdjson,
};

class JsonFrames {
 public:
  // The state of what was added so far.
  struct Mark {
    size_t frames;
    JsonItems::Position items;
    size_t streams;
    size_t metadata;
    size_t decoded;
    size_t opaque_begin;
    size_t opaque_end;
    Reason opaque_reason;
    TextBlocks::Mark texts;
    size_t reports;
  };

  // Decoded text may take this many times its bytes: a member that occurs twice
  // in an object may be decoded twice.
  static constexpr size_t kDecodedOfText = 2;

  // `frames` is empty, and segment.bytes and it outlive this. `text` is the
  // maximum number of bytes with text to decode. With an `outline`, of a
  // document that begins at `start`, only the outline is filled, and `frames`
  // owns the data that it refers to.
  JsonFrames(Bytes segment, size_t text, Frames* frames,
             JsonOutline* outline = nullptr, size_t start = 0)
      : segment_(segment), frames_(frames), outline_(outline), start_(start) {
    // Memory that is not written is not allocated by the kernel.
    frames->decoded.Resize(kDecodedOfText * text);
  }

  // Room for decoded bytes: as many as the segment's text that they are decoded
  // from. Valid as long as the frames after a call of Keep.
  [[nodiscard]] uint8_t* room() { return frames_->decoded.data() + decoded_; }
  // Keeps the first `size` bytes of room().
  Bytes Keep(size_t size) {
    const Bytes kept(room(), size);
    decoded_ += size;
    return kept;
  }

  // Memory for text without its escapes, used until the next text.
  [[nodiscard]] Column<uint8_t>* unescaped() { return &unescaped_; }

  // The text of `string`, owned by the frames; null if it is not valid text.
  std::optional<Bytes> KeepText(const JsonValue& string);

  // Both must be called in the order of offsets, without overlap.
  void AddRecord(size_t offset, size_t length, Bytes record,
                 const KinesisMetadata& metadata);
  // Adjacent opaque stretches have the reason of the first one.
  void AddOpaque(size_t offset, size_t length, Reason reason);
  // For the record added next: its data is not canonical base64.
  void NoteLenientData() { next_is_lenient_ = true; }
  // For the same: a time or number that is present but cannot be read.
  void NoteUnreadableMetadata() { ++next_unreadable_metadata_; }
  // A document that names records that it does not hold.
  void AddReport(MissingRange range);

  // From here on, until End, frames past frames->max_frames are dropped.
  void BeginDocument() {
    in_document_ = true;
    has_dropped_ = false;
  }
  // Returns whether any were: then the document must be removed, and outlined.
  [[nodiscard]] bool EndDocument() {
    in_document_ = false;
    return has_dropped_;
  }

  // The outline's item of the record that is added next.
  void NoteRecord(const JsonItems::Item& record) { record_ = record; }
  // The last record occupies these bytes, and belongs to `stream` if it names
  // none.
  void PlaceLast(size_t offset, size_t length, std::optional<Bytes> stream);

  // Counts records and documents of a known kind that hold none, including
  // those removed since: recognition does not depend on whether the end is
  // available.
  void Recognize() { ++recognized_; }
  [[nodiscard]] size_t recognized() const { return recognized_; }
  // Members that only records have, in an object that is not a record.
  void NoteRecordName() { ++record_names_; }
  [[nodiscard]] size_t record_names() const { return record_names_; }
  // A document that may hold records and is not read.
  void NoteTooDeep() { ++too_deep_; }
  [[nodiscard]] size_t too_deep() const { return too_deep_; }
  void NoteForeign(JsonForeign kind) {
    if (foreign_ == JsonForeign::kNone) foreign_ = kind;
  }
  [[nodiscard]] JsonForeign foreign() const { return foreign_; }

  // Of all records since `mark`, those that name no stream belong to `stream`.
  void SetStream(const Mark& mark, Bytes stream);

  [[nodiscard]] Mark mark() const {
    return {.frames = frames_->list.size(),
            .items = outline_ == nullptr ? JsonItems::Position()
                                         : outline_->items.end(),
            .streams = outline_ == nullptr ? 0 : outline_->streams.size(),
            .metadata = frames_->metadata.size(),
            .decoded = decoded_,
            .opaque_begin = opaque_begin_,
            .opaque_end = opaque_end_,
            .opaque_reason = opaque_reason_,
            .texts = frames_->texts.mark(),
            .reports = frames_->missing_ranges.size()};
  }
  [[nodiscard]] bool HasGrownSince(const Mark& mark) const {
    return frames_->list.size() > mark.frames ||
           (outline_ != nullptr && outline_->items.size() > mark.items.item) ||
           opaque_end_ != mark.opaque_end;
  }
  // Removes what was added since.
  void Return(const Mark& mark);

  // Makes a frame of the opaque bytes that were added last.
  void FlushOpaque();
  // Whether only one record with its metadata was added since `mark`, before
  // which opaque bytes were flushed.
  [[nodiscard]] bool IsOneRecordSince(const Mark& mark) const;

  // Must be called after the last frame.
  void Finish() {
    FlushOpaque();
    frames_->decoded.Resize(decoded_);
  }

 private:
  // Whether the next frame must be dropped.
  bool Drops() {
    const bool drops =
        in_document_ && frames_->list.size() >= frames_->max_frames;
    has_dropped_ = has_dropped_ || drops;
    return drops;
  }
  void AddItem(JsonItems::Item item, size_t offset, size_t length);

  Bytes segment_;
  Frames* frames_;
  JsonOutline* outline_;
  size_t start_;  // of the document
  JsonItems::Item record_;
  bool in_document_ = false;
  bool has_dropped_ = false;
  size_t decoded_ = 0;
  Column<uint8_t> unescaped_;
  size_t opaque_begin_ = 0;  // the last stretch, which may continue
  size_t opaque_end_ = 0;
  Reason opaque_reason_ = Reason::kNone;
  bool next_is_lenient_ = false;
  uint8_t next_unreadable_metadata_ = 0;
  size_t recognized_ = 0;
  size_t record_names_ = 0;
  size_t too_deep_ = 0;
  JsonForeign foreign_ = JsonForeign::kNone;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_FRAMES_H_
