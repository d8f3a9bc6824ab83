// One Kinesis record a line, in base64; or in quotes, in a list, in pieces.
#ifndef THRESH_CONTAINER_BASE64_LINES_H_
#define THRESH_CONTAINER_BASE64_LINES_H_

#include <cstdint>

#include "container/container.h"

namespace thresh {

size_t CutBase64Lines(Bytes window, bool at_end);
void FrameBase64Lines(const Segment& segment, Frames* frames);

// Whether an input that starts with `head` (the whole of it if `whole`) is such
// a container: the evidence is a line that decodes to an aggregated record, or
// several that do together.
enum class Base64Sight : uint8_t {
  kNone,
  kLines,
  // It is, unless a longer head shows that the text is a whole file of blobs.
  kUnsure,
};
Base64Sight LookForBase64Lines(Bytes head, bool whole);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_LINES_H_
