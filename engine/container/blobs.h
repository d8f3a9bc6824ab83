// Aggregated records back to back, with only line ends between them. Container
// (container.h) has the contracts of the functions that it points to.
#ifndef THRESH_CONTAINER_BLOBS_H_
#define THRESH_CONTAINER_BLOBS_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "container/container.h"

namespace thresh {

size_t CutBlobs(Bytes window, bool at_end);
void FrameBlobs(const Segment& segment, Frames* frames);
void ResolveBlobs(const Segment& segment, Frames* frames);
std::optional<size_t> SplitBlobs(const Segment& segment, size_t from);
Sight RecognizeBlobs(SniffPass pass, Recognition* recognition);
std::unique_ptr<RecordWriter> NewBlobsWriter(const ContainerFormat& format,
                                             const JsonSource& source);

// Whether an input that starts with `head` (the whole of it if `whole`) is such
// a container, if it does not start with a magic: a blob that verifies, or may
// as far as `head` extends, begins in it; or starts it, except for one byte of
// its magic.
bool LooksLikeBlobs(Bytes head, bool whole);

// Whether a blob that verifies ends within `bytes`, at whose front it begins.
bool StartsWithBlob(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOBS_H_
