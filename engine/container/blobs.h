// Aggregated records back to back, nothing between them.
#ifndef THRESH_CONTAINER_BLOBS_H_
#define THRESH_CONTAINER_BLOBS_H_

#include "container/container.h"

namespace thresh {

size_t CutBlobs(Bytes window, bool at_end);
void FrameBlobs(const Segment& segment, Frames* frames);
void SettleBlobs(const Segment& segment, Frames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOBS_H_
