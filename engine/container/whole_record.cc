// Only the input's end delimits the record, so a segment is all of it;
// otherwise it is an error, since part of a record is not a record.
#include "container/whole_record.h"

#include <string>

#include "base/errors.h"

namespace thresh {

size_t CutWholeRecord(Bytes window, bool at_end) {
  return at_end ? window.size() : 0;
}

void FrameWholeRecord(const Segment& segment, Frames* frames) {
  const Bytes bytes = segment.bytes;
  if (!segment.ends_input || bytes.size() > kMaxRecordBytes) {
    frames->unread_bytes = bytes.size();
    frames->error = AtOffset(
        segment.offset,
        ContainerError("more than " + std::to_string(kMaxRecordBytes) +
                           " bytes, the most that a record may have",
                       "an archive of many records is of another container",
                       ErrorDetail::kWholeRecordTooLong));
    return;
  }
  if (segment.error.has_value()) {
    frames->unread_bytes = bytes.size();
    return;
  }
  frames->list.Append({.offset = 0,
                       .length = bytes.size(),
                       .record = bytes,
                       .opaque = false,
                       .verified = false});
}

}  // namespace thresh
