// Frames a segment piece by piece, for callers that only examine frames: all
// frames at once may take many times the segment's memory.
#ifndef THRESH_CONTAINER_FRAME_PIECES_H_
#define THRESH_CONTAINER_FRAME_PIECES_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "container/container.h"
#include "input/segment.h"
#include "thresh/bytes.h"

namespace thresh {

// Calls visit(const Frames&, Bytes piece), whose offsets are in the piece, for
// one piece after the other, until it returns false. `frame` is that of a
// container.
template <typename Visit>
void ForEachPiece(void (*frame)(const Segment&, Frames*), Segment segment,
                  Visit&& visit) {
  constexpr size_t kMaxFrames = size_t{1} << 16;
  Frames frames;
  do {
    std::vector<FailedSearch> failed_searches =
        std::move(frames.failed_searches);
    OpenDocument open_document = std::move(frames.open_document);
    frames.Clear();
    frames.max_frames = kMaxFrames;
    frames.failed_searches = std::move(failed_searches);
    frames.open_document = std::move(open_document);
    frame(segment, &frames);
    if (!visit(std::as_const(frames), segment.bytes)) return;
    segment.bytes = segment.bytes.last(frames.left);
  } while (frames.left > 0);
}

}  // namespace thresh

#endif  // THRESH_CONTAINER_FRAME_PIECES_H_
