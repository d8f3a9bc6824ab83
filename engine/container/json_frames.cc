// See json_frames.h.
#include "container/json_frames.h"

#include <optional>

namespace thresh {

void JsonFrames::AddRecord(size_t offset, size_t length, Bytes record,
                           const KinesisMetadata& metadata) {
  FlushOpaque();
  frames_->list.Append(
      {.offset = offset,
       .length = length,
       .record = record,
       .opaque = false,
       .verified = false,
       .metadata = static_cast<uint32_t>(frames_->metadata.size())});
  frames_->metadata.Append(metadata);
}

void JsonFrames::AddOpaque(size_t offset, size_t length) {
  if (offset != opaque_end_) {
    FlushOpaque();
    opaque_begin_ = offset;
  }
  opaque_end_ = offset + length;
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
}

void JsonFrames::FlushOpaque() {
  frames_->AppendOpaque(segment_, opaque_begin_, opaque_end_ - opaque_begin_);
  opaque_begin_ = opaque_end_;
}

}  // namespace thresh
