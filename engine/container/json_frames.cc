// See json_frames.h.
#include "container/json_frames.h"

#include <optional>
#include <utility>

#include "container/json_string.h"

namespace thresh {

void JsonFrames::AddRecord(size_t offset, size_t length, Bytes record,
                           const KinesisMetadata& metadata) {
  FlushOpaque();
  Recognise();
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
  Column<uint8_t>& text = frames_->texts.emplace_back();
  text.Resize(string.text.size());
  const std::optional<size_t> size = UnescapeJson(string.text, text.data());
  if (!size.has_value()) {
    frames_->texts.pop_back();
    return std::nullopt;
  }
  return Bytes(text.data(), *size);
}

void JsonFrames::AddReport(MissingRange range) {
  Recognise();
  frames_->missing_ranges.push_back(std::move(range));
}

void JsonFrames::TellStream(const Mark& mark, Bytes stream) {
  for (size_t row = mark.metadata; row < frames_->metadata.size(); ++row) {
    std::optional<Bytes>& told = frames_->metadata[row].stream;
    if (!told.has_value()) told = stream;
  }
}

void JsonFrames::Return(const Mark& mark) {
  frames_->list.Resize(mark.frames);
  frames_->metadata.Resize(mark.metadata);
  decoded_ = mark.decoded;
  opaque_begin_ = mark.opaque_begin;
  opaque_end_ = mark.opaque_end;
  opaque_reason_ = mark.opaque_reason;
  frames_->texts.resize(mark.texts);
  frames_->missing_ranges.resize(mark.reports);
}

void JsonFrames::FlushOpaque() {
  frames_->AppendOpaque(segment_, opaque_begin_, opaque_end_ - opaque_begin_,
                        opaque_reason_);
  opaque_begin_ = opaque_end_;
}

}  // namespace thresh
