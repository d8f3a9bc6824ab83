// One Kinesis record per line, in base64; optionally in quotes, in a list, or
// in pieces. Container (container.h) has the contracts of the functions that it
// points to.
#ifndef THRESH_CONTAINER_BASE64_LINES_H_
#define THRESH_CONTAINER_BASE64_LINES_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "container/container.h"

namespace thresh {

size_t CutBase64Lines(Bytes window, bool at_end);
std::optional<size_t> SplitBase64Lines(const Segment& segment, size_t from);
void FrameBase64Lines(const Segment& segment, Frames* frames);
Sight RecognizeBase64Lines(SniffPass pass, Recognition* recognition);
std::unique_ptr<RecordWriter> NewBase64LinesWriter(
    const ContainerFormat& format, const JsonSource& source);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_LINES_H_
