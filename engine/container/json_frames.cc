// See json_frames.h.
#include "container/json_frames.h"

#include <optional>
#include <utility>

#include "container/json_string.h"

namespace thresh {

void JsonFrames::AddRecord(size_t offset, size_t length, Bytes record,
                           const KinesisMetadata& metadata) {
  FlushOpaque();
  Recognize();
  const bool dropped = outline_ == nullptr && Drops();
  if (outline_ != nullptr || dropped) {
    next_is_lenient_ = false;
    next_unreadable_metadata_ = 0;
    decoded_ =
        dropped ? static_cast<size_t>(record.data() - frames_->decoded.data())
                : 0;
    if (!dropped) AddItem(record_, offset, length);
    return;
  }
  frames_->list.Append(
      {.offset = offset,
       .length = length,
       .record = record,
       .opaque = false,
       .verified = false,
       .lenient = std::exchange(next_is_lenient_, false),
       .unreadable_metadata =
           std::exchange(next_unreadable_metadata_, uint8_t{0}),
       .metadata = static_cast<uint32_t>(frames_->metadata.size())});
  frames_->metadata.Append(metadata);
}

void JsonFrames::AddOpaque(size_t offset, size_t length, Reason reason) {
  if (offset != opaque_end_) {
    FlushOpaque();
    opaque_begin_ = offset;
  }
  if (opaque_begin_ == opaque_end_ || opaque_begin_ == offset) {
    opaque_reason_ = reason;
  }
  opaque_end_ = offset + length;
}

std::optional<Bytes> JsonFrames::KeepText(const JsonValue& string) {
  if (!string.escaped) return string.text;
  uint8_t* const text = frames_->texts.Room(string.text.size());
  const std::optional<size_t> size = UnescapeJson(string.text, text);
  if (!size.has_value()) return std::nullopt;
  frames_->texts.Keep(*size);
  return Bytes(text, *size);
}

void JsonFrames::AddReport(MissingRange range) {
  Recognize();
  frames_->missing_ranges.push_back(std::move(range));
}

void JsonFrames::AddItem(JsonItems::Item item, size_t offset, size_t length) {
  item.offset = static_cast<uint32_t>(offset - start_);
  item.length = static_cast<uint32_t>(length);
  outline_->items.Append(item);
}

void JsonFrames::PlaceLast(size_t offset, size_t length,
                           std::optional<Bytes> stream) {
  Frame* frame = &frames_->list.back();
  frame->offset = offset;
  frame->length = length;
  std::optional<Bytes>* own = &frames_->metadata[frame->metadata].stream;
  if (!own->has_value()) *own = stream;
}

void JsonFrames::SetStream(const Mark& mark, Bytes stream) {
  if (outline_ != nullptr) {
    outline_->streams.Append(mark.items.item, outline_->items.size(), stream);
    return;
  }
  for (size_t row = mark.metadata; row < frames_->metadata.size(); ++row) {
    std::optional<Bytes>& known = frames_->metadata[row].stream;
    if (!known.has_value()) known = stream;
  }
}

void JsonFrames::Return(const Mark& mark) {
  frames_->list.Resize(mark.frames);
  if (outline_ != nullptr) {
    outline_->items.CutBack(mark.items);
    outline_->streams.CutBack(mark.streams);
  }
  frames_->metadata.Resize(mark.metadata);
  decoded_ = mark.decoded;
  opaque_begin_ = mark.opaque_begin;
  opaque_end_ = mark.opaque_end;
  opaque_reason_ = mark.opaque_reason;
  frames_->texts.Return(mark.texts);
  frames_->missing_ranges.resize(mark.reports);
}

bool JsonFrames::IsOneRecordSince(const Mark& mark) const {
  return outline_ == nullptr && opaque_begin_ == opaque_end_ &&
         frames_->list.size() == mark.frames + 1 &&
         frames_->metadata.size() == mark.metadata + 1 &&
         frames_->list.back().metadata == mark.metadata;
}

void JsonFrames::FlushOpaque() {
  const size_t size = opaque_end_ - opaque_begin_;
  if (size > 0 && outline_ != nullptr) {
    AddItem({.reason = opaque_reason_}, opaque_begin_, size);
  } else if (size > 0 && !Drops()) {
    frames_->AppendOpaque(segment_, opaque_begin_, size, opaque_reason_);
  }
  opaque_begin_ = opaque_end_;
}

}  // namespace thresh
