// Inputs that are one Kinesis record each. Container (container.h) has the
// contracts of the functions.
#ifndef THRESH_CONTAINER_WHOLE_RECORD_H_
#define THRESH_CONTAINER_WHOLE_RECORD_H_

#include "container/container.h"

namespace thresh {

size_t CutWholeRecord(Bytes window, bool at_end);
void FrameWholeRecord(const Segment& segment, Frames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_WHOLE_RECORD_H_
