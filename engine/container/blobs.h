// Aggregated records back to back, nothing between them but line ends.
#ifndef THRESH_CONTAINER_BLOBS_H_
#define THRESH_CONTAINER_BLOBS_H_

#include <memory>

#include "container/container.h"

namespace thresh {

size_t CutBlobs(Bytes window, bool at_end);
void FrameBlobs(const Segment& segment, Frames* frames);
void SettleBlobs(const Segment& segment, Frames* frames);
Sight RecogniseBlobs(SniffPass pass, Recognition* recognition);
std::unique_ptr<RecordWriter> NewBlobsWriter(const ContainerFormat& format,
                                             const JsonSource& source);

// Whether an input that starts with `head` (the whole of it if `whole`) is such
// a container, if it does not start with a magic: a blob that verifies, or may
// do so as far as `head` goes, begins in it; or starts it, but for one byte of
// its magic.
bool LooksLikeBlobs(Bytes head, bool whole);

// Whether a blob that verifies ends within `bytes`, at whose front it begins.
bool StartsWithBlob(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOBS_H_
