// Where the frames of a JSON segment go as they are found: opaque stretches
// that touch become one, what a document gave can be taken back while it is
// unfinished, and decoded bytes have a place that does not move.
#ifndef THRESH_CONTAINER_JSON_FRAMES_H_
#define THRESH_CONTAINER_JSON_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "container/container.h"
#include "container/json_cursor.h"
#include "container/json_outline.h"

namespace thresh {

// Documents of others that resemble those of Kinesis.
enum class JsonForeign : uint8_t {
  kNone,
  kTransformationResponse,  // what a function returns to Firehose
  kMskEvent,                // Firehose's records of a Kafka topic
  kPutRecordsRequest,
  kThreshNdjson,
};

class JsonFrames {
 public:
  // What was added so far.
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

  // What is decoded of text may take so many times its bytes: a member that
  // comes twice in an object may be decoded twice.
  static constexpr size_t kDecodedOfText = 2;

  // `frames` is empty, and segment.bytes and it outlive this. `text` is how
  // many bytes at the most may hold what has to be decoded. With an `outline`,
  // of a document that begins at `start`, that alone is filled, and `frames`
  // owns what it refers to.
  JsonFrames(Bytes segment, size_t text, Frames* frames,
             JsonOutline* outline = nullptr, size_t start = 0)
      : segment_(segment), frames_(frames), outline_(outline), start_(start) {
    // Memory that is not written costs nothing.
    frames->decoded.Resize(kDecodedOfText * text);
  }

  // Room for what is decoded: as many bytes as the segment's text that it is
  // decoded from. Lasts as long as the frames if Keep is told.
  [[nodiscard]] uint8_t* room() { return frames_->decoded.data() + decoded_; }
  // The first `size` bytes of room() are of use.
  Bytes Keep(size_t size) {
    const Bytes kept(room(), size);
    decoded_ += size;
    return kept;
  }

  // What `string` stands for, kept by the frames; null if it is no text.
  std::optional<Bytes> KeepText(const JsonValue& string);

  // Both come in the order of their offsets, without overlap.
  void AddRecord(size_t offset, size_t length, Bytes record,
                 const KinesisMetadata& metadata);
  // Of opaque stretches that touch, the first one's reason counts.
  void AddOpaque(size_t offset, size_t length, Reason reason);
  // Of the record added next: its data is not canonical base64.
  void NoteLenientData() { next_is_lenient_ = true; }
  // Of the same: a time or number that is there and cannot be read.
  void NoteUnreadableMetadata() { ++next_unreadable_metadata_; }
  // A document that says which records it does not hold.
  void AddReport(MissingRange range);

  // From here on, until End, frames that would be more than frames->most are
  // dropped.
  void BeginDocument() {
    in_document_ = true;
    has_dropped_ = false;
  }
  // Whether any were: then the document is to be taken back, and outlined.
  [[nodiscard]] bool EndDocument() {
    in_document_ = false;
    return has_dropped_;
  }

  // How an outline's item has the record that is added next.
  void NoteRecord(const JsonItems::Item& record) { record_ = record; }
  // The last record takes up these bytes, and belongs to `stream` if it
  // names none.
  void PlaceLast(size_t offset, size_t length, std::optional<Bytes> stream);

  // Counts records and documents of a known kind that hold none, also those
  // taken back since: that something is known does not depend on whether its
  // end is there yet.
  void Recognise() { ++recognised_; }
  [[nodiscard]] size_t recognised() const { return recognised_; }
  // Members that only records have, though no record came of them.
  void NoteTellingName() { ++telling_names_; }
  [[nodiscard]] size_t telling_names() const { return telling_names_; }
  // A document that may hold records and is not looked into.
  void NoteTooDeep() { ++too_deep_; }
  [[nodiscard]] size_t too_deep() const { return too_deep_; }
  void NoteForeign(JsonForeign kind) {
    if (foreign_ == JsonForeign::kNone) foreign_ = kind;
  }
  [[nodiscard]] JsonForeign foreign() const { return foreign_; }

  // Of all records since `mark`, those that tell no stream belong to `stream`.
  void TellStream(const Mark& mark, Bytes stream);

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
  // Takes back what was added since.
  void Return(const Mark& mark);

  // Makes a frame of the opaque bytes that were added last.
  void FlushOpaque();
  // Whether nothing but one record with its metadata was added since `mark`,
  // before which opaque bytes were flushed.
  [[nodiscard]] bool IsOneRecordSince(const Mark& mark) const;

  // To be called after the last frame.
  void Finish() {
    FlushOpaque();
    frames_->decoded.Resize(decoded_);
  }

 private:
  // Whether one more frame is to be dropped.
  bool Drops() {
    const bool drops = in_document_ && frames_->list.size() >= frames_->most;
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
  size_t opaque_begin_ = 0;  // the last stretch, which may go on
  size_t opaque_end_ = 0;
  Reason opaque_reason_ = Reason::kNone;
  bool next_is_lenient_ = false;
  uint8_t next_unreadable_metadata_ = 0;
  size_t recognised_ = 0;
  size_t telling_names_ = 0;
  size_t too_deep_ = 0;
  JsonForeign foreign_ = JsonForeign::kNone;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_FRAMES_H_
