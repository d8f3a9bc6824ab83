// A blob carries no length: it ends at the first field boundary of its message
// that is followed by the MD5 of everything before it. To hash at every
// boundary would double the work, so FrameBlobs conjectures that a blob ends
// where a magic (or the segment's end) is first met in the right distance from
// a boundary, all conjectures are hashed at once in lanes, and SettleBlobs
// hashes boundary by boundary only where one turned out wrong: after damage, or
// around bytes that are no blob.
#include "container/blobs.h"

#include <algorithm>

#include "container/blob_end.h"
#include "envelope/envelope.h"

namespace thresh {
namespace {

Frame BlobFrame(Bytes segment, size_t offset, size_t length, bool verified) {
  return {.offset = offset,
          .length = length,
          .record = segment.subspan(offset, length),
          .opaque = false,
          .verified = verified};
}

// Whether a conjecture whose digest is known is what FindBlobEnd would find.
bool Holds(const Frame& conjecture) {
  return conjecture.verified && conjecture.ordinary;
}

// Whether the conjectures fill the segment without a gap and all of them hold.
bool AllHold(const Segment& segment, const Frames& frames) {
  size_t end = 0;
  for (const Frame& frame : frames.list) {
    if (frame.offset != end || !Holds(frame)) return false;
    end += frame.length;
  }
  return end == segment.bytes.size();
}

// The bytes at the end of `bytes` that may be the start of a magic.
size_t PartialMagic(Bytes bytes) {
  for (size_t size = std::min(kMagic.size() - 1, bytes.size()); size > 0;
       --size) {
    if (std::equal(bytes.end() - static_cast<ptrdiff_t>(size), bytes.end(),
                   kMagic.begin())) {
      return size;
    }
  }
  return 0;
}

// Of bytes that no blob has claimed: the first say what was to be there.
Reason ReasonOf(Bytes gap) {
  return StartsWithMagic(gap) ? Reason::kDigest : Reason::kNoMagic;
}

// Adds the bytes from `begin` to `end`, which no blob has claimed. A line end
// between two blobs, or between the last and the input's end, is framing; what
// touches the segment's edges is for those to judge who know both sides.
void AppendGap(Bytes bytes, size_t begin, size_t end, bool between,
               Frames* frames) {
  if (between && begin > 0 && IsLineEnd(bytes.subspan(begin, end - begin))) {
    frames->framing_bytes += end - begin;
  } else {
    const Bytes gap = bytes.subspan(begin, end - begin);
    frames->AppendOpaque(bytes, begin, end - begin, ReasonOf(gap));
  }
}

}  // namespace

bool IsLineEnd(Bytes bytes) {
  return !bytes.empty() && LineEndSize(bytes) == bytes.size();
}

bool StartsWithBlob(Bytes bytes) {
  return StartsWithMagic(bytes) &&
         FindBlobEnd(bytes, /*at_end=*/false).outcome == Search::kFound;
}

bool LooksLikeBlobs(Bytes head, bool whole) {
  for (size_t at = FindMagic(head, 0); at < head.size();
       at = FindMagic(head, at + 1)) {
    if (FindBlobEnd(head.subspan(at), whole).outcome != Search::kNone)
      return true;
  }
  return false;
}

size_t CutBlobs(Bytes window, bool at_end) {
  if (at_end) return window.size();
  const size_t last = FindLastMagic(window);
  if (last != 0 && last != window.size()) return last;
  // One blob that goes on behind the window, or none: bytes outside blobs can
  // be cut anywhere but in the middle of a magic.
  return last == 0 ? 0 : window.size() - PartialMagic(window);
}

void FrameBlobs(const Segment& segment, Frames* frames) {
  const Bytes bytes = segment.bytes;
  size_t start = FindMagic(bytes, 0);
  while (start < bytes.size()) {
    const BlobEnd end = ConjectureEnd(bytes.subspan(start));
    if (end.outcome != Search::kFound) {
      start = FindMagic(bytes, start + 1);
      continue;
    }
    frames->list.Append(BlobFrame(bytes, start, end.size, false));
    frames->list.back().ordinary = true;
    start += end.size;
    start += LineEndSize(bytes.subspan(start));
  }
}

void SettleBlobs(const Segment& segment, Frames* frames) {
  if (AllHold(segment, *frames)) return;
  const Column<Frame> conjectures = std::move(frames->list);
  frames->list.Clear();
  const Bytes bytes = segment.bytes;
  const Frame* conjecture = conjectures.begin();
  size_t opaque = 0;  // where the bytes begin that no blob has claimed yet
  size_t start = FindMagic(bytes, 0);
  while (start < bytes.size()) {
    conjecture = std::find_if(
        conjecture, conjectures.end(),
        [start](const Frame& frame) { return frame.offset >= start; });
    BlobEnd end = {Search::kNone, 0};
    if (conjecture != conjectures.end() && conjecture->offset == start &&
        Holds(*conjecture)) {
      end = {Search::kFound, conjecture->length};
    } else {
      end = FindBlobEnd(bytes.subspan(start), segment.ends_input);
    }
    if (end.outcome == Search::kNeedsMore) {
      AppendGap(bytes, opaque, start, /*between=*/false, frames);
      frames->unsettled = bytes.size() - start;
      return;
    }
    if (end.outcome == Search::kNone) {
      start = FindMagic(bytes, start + 1);
      continue;
    }
    AppendGap(bytes, opaque, start, /*between=*/true, frames);
    frames->list.Append(BlobFrame(bytes, start, end.size, true));
    opaque = start + end.size;
    start = FindMagic(bytes, opaque);
  }
  if (!segment.ends_input) {
    frames->unsettled = PartialMagic(bytes.subspan(opaque));
  }
  AppendGap(bytes, opaque, bytes.size() - frames->unsettled,
            /*between=*/segment.ends_input, frames);
}

}  // namespace thresh
