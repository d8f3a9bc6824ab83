// Kinesis records, each after its length: u32 little endian, u32 big endian, or
// a protobuf varint. Container (container.h) has the contracts of the functions
// that it points to.
#ifndef THRESH_CONTAINER_DELIMITED_H_
#define THRESH_CONTAINER_DELIMITED_H_

#include <memory>

#include "container/container.h"

namespace thresh {

size_t CutU32Le(Bytes window, bool at_end);
size_t CutU32Be(Bytes window, bool at_end);
size_t CutVarint(Bytes window, bool at_end);
void FrameU32Le(const Segment& segment, Frames* frames);
void FrameU32Be(const Segment& segment, Frames* frames);
void FrameVarint(const Segment& segment, Frames* frames);
// Of all three.
std::unique_ptr<RecordWriter> NewDelimitedWriter(const ContainerFormat& format,
                                                 const JsonSource& source);

}  // namespace thresh

#endif  // THRESH_CONTAINER_DELIMITED_H_
