// One Kinesis record per line, in base64; optionally in quotes, in a list, or
// in pieces.
#ifndef THRESH_CONTAINER_BASE64_LINES_H_
#define THRESH_CONTAINER_BASE64_LINES_H_

#include <memory>

#include "container/container.h"

namespace thresh {

size_t CutBase64Lines(Bytes window, bool at_end);
void FrameBase64Lines(const Segment& segment, Frames* frames);
Sight RecogniseBase64Lines(SniffPass pass, Recognition* recognition);
std::unique_ptr<RecordWriter> NewBase64LinesWriter(
    const ContainerFormat& format, const JsonSource& source);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_LINES_H_
