// The frames of a segment.
#include <algorithm>

#include "container/container.h"

namespace thresh {

size_t Frames::memory() const {
  return list.size() * sizeof(Frame) +
         metadata.size() * sizeof(KinesisMetadata) + texts.memory() +
         decoded.size();
}

void Frames::Clear() {
  max_frames = SIZE_MAX;
  may_guess = misguessed = false;
  left = 0;
  list.Clear();
  framing_bytes = 0;
  missing_ranges.clear();
  unresolved = 0;
  failed_searches.clear();
  open_document = {};
  outline.reset();
  error.reset();
  unread_bytes = 0;
  work = 0;
  decoded.Clear();
  texts.Clear();
  metadata.Clear();
}

void Frames::AppendOpaque(Bytes segment, size_t offset, size_t length,
                          Reason reason) {
  while (length > 0) {
    const size_t piece = std::min(length, kMaxRecordBytes);
    list.Append({.offset = offset,
                 .length = piece,
                 .record = segment.subspan(offset, piece),
                 .opaque = true,
                 .verified = false,
                 .reason = reason});
    offset += piece;
    length -= piece;
  }
}

void Frames::EndWith(size_t offset, size_t length) {
  size_t kept = 0;
  framing_bytes = offset + length;
  while (kept < list.size() && list[kept].offset <= offset) {
    framing_bytes -= list[kept++].length;
  }
  list.Resize(kept);
  std::erase_if(missing_ranges, [offset](const MissingRange& range) {
    return range.offset > offset;
  });
  error.reset();
  unread_bytes = 0;
}

}  // namespace thresh
