// A blob has no length: it ends at the first field boundary of its message that
// is followed by the MD5 of everything before it. Hashing at every boundary
// would double the work, so FrameBlobs takes as a candidate for the end
// the first magic (or the segment's end) at the right distance from a boundary,
// all candidates are hashed at once in lanes, and ResolveBlobs hashes boundary
// by boundary only where one was wrong: after damage, or around bytes that are
// not a blob. BlobSearch limits the bytes that both may examine without finding
// a blob.
#include "container/blobs.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/append.h"
#include "container/blob_end.h"
#include "container/blob_gap.h"
#include "container/blob_guess.h"
#include "container/blob_search.h"
#include "record/envelope.h"

namespace thresh {
namespace {

Frame BlobFrame(Bytes segment, size_t offset, size_t length, bool verified) {
  return {.offset = offset,
          .length = length,
          .record = segment.subspan(offset, length),
          .opaque = false,
          .verified = verified};
}

// Whether a candidate whose digest is known is the result of FindBlobEnd, or
// will be if the guess was right.
bool Holds(const Frame& candidate) {
  return candidate.verified && (candidate.ordinary || candidate.guessed);
}

// Whether the candidates fill the segment, except the part that is left,
// without a gap and all of them hold.
bool AllHold(const Segment& segment, const Frames& frames) {
  size_t end = 0;
  for (const Frame& frame : frames.list) {
    if (frame.offset != end || !Holds(frame)) return false;
    end += frame.length;
  }
  return end + frames.left == segment.bytes.size();
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

// For bytes that belong to no blob: the first ones show what was expected.
Reason ReasonOf(Bytes gap) {
  return StartsWithMagic(gap) ? Reason::kDigest : Reason::kNoMagic;
}

// Checks the candidates in order, and searches for blobs where none holds.
class BlobResolver {
 public:
  BlobResolver(const Segment& segment, Frames* frames)
      : bytes_(segment.bytes),
        starts_input_(segment.offset == 0),
        ends_input_(segment.ends_input),
        frames_(frames),
        candidates_(std::exchange(frames->list, {})),
        candidate_(candidates_.begin()),
        search_(bytes_, ends_input_,
                std::exchange(frames->failed_searches, {})) {
    frames->left = 0;
  }

  void Run() {
    size_t start = FindMagic(bytes_, 0);
    while (start < bytes_.size()) {
      if (frames_->list.size() >= frames_->max_frames) return LeaveRest();
      const BlobEnd end = EndAt(start);
      frames_->work += end.work;
      if (end.outcome == SearchOutcome::kNeedsMore)
        return LeaveUnresolved(start);
      if (end.outcome == SearchOutcome::kNone) {
        start = FindMagic(bytes_, start + 1);
        continue;
      }
      AppendGap(start, /*closed=*/true);
      frames_->list.Append(BlobFrame(bytes_, start, end.size, true));
      opaque_ = start + end.size;
      start = FindMagic(bytes_, opaque_);
    }
    if (!ends_input_) {
      frames_->unresolved = PartialMagic(bytes_.subspan(opaque_));
    }
    const size_t resolved = bytes_.size() - frames_->unresolved;
    frames_->failed_searches = search_.VainFrom(resolved);
    AppendGap(resolved, /*closed=*/ends_input_);
  }

 private:
  BlobEnd EndAt(size_t start) {
    candidate_ = std::find_if(
        candidate_, std::as_const(candidates_).end(),
        [start](const Frame& frame) { return frame.offset >= start; });
    const bool holds = candidate_ != candidates_.end() &&
                       candidate_->offset == start && Holds(*candidate_);
    if (holds && search_.Sees(start, candidate_->length)) {
      return {SearchOutcome::kFound, candidate_->length, candidate_->length, 0};
    }
    return search_.Find(start);
  }

  // Leaves the bytes after the last blob to another segment.
  void LeaveRest() {
    frames_->left = bytes_.size() - opaque_;
    frames_->failed_searches = search_.VainFrom(opaque_);
  }

  // Adds the bytes from opaque_ to `end`, which belong to no blob. Line ends
  // between blobs, valid or damaged, and between the last and the input's end
  // are framing; bytes at the segment's edges, unless `closed` by a blob or the
  // input's end, are left to the stitcher, which knows both sides.
  void AppendGap(size_t end, bool closed) {
    Bytes gap = bytes_.subspan(opaque_, end - opaque_);
    const bool opened = opaque_ > 0 || starts_input_;
    size_t before = 0;
    size_t after = 0;
    if (closed && opened) {
      if (opaque_ > 0) {
        before = IsLineEnd(gap) ? gap.size() : LineEndBeforeDamage(gap);
      }
      gap = gap.subspan(before);
      after = LineEndAfterDamage(gap, before, /*whole=*/true);
      gap = gap.first(gap.size() - after);
      frames_->work += gap.size();
    }
    frames_->framing_bytes += before + after;
    frames_->AppendOpaque(bytes_, opaque_ + before, gap.size(), ReasonOf(gap));
  }

  void LeaveUnresolved(size_t start) {
    AppendGap(start, /*closed=*/false);
    frames_->unresolved = bytes_.size() - start;
    frames_->failed_searches = search_.VainFrom(start);
  }

  const Bytes bytes_;
  const bool starts_input_;
  const bool ends_input_;
  Frames* const frames_;
  const Column<Frame> candidates_;
  const Frame* candidate_;
  BlobSearch search_;
  size_t opaque_ = 0;  // where the bytes begin that belong to no blob so far
};

class BlobsWriter final : public RecordWriter {
 public:
  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    AppendBytes(record.bytes, out);
  }
  // Its end could not be found.
  [[nodiscard]] PlainSupport plain() const override { return {}; }
};

}  // namespace

bool StartsWithBlob(Bytes bytes) {
  return StartsWithMagic(bytes) &&
         FindBlobEnd(bytes, /*at_end=*/true).outcome == SearchOutcome::kFound;
}

bool LooksLikeBlobs(Bytes head, bool whole) {
  if (CountMagicBytes(head) == kMagic.size() - 1 &&
      FindBlobEnd(head, whole).outcome != SearchOutcome::kNone) {
    return true;
  }
  BlobSearch search(head, whole);
  for (size_t at = FindMagic(head, 0); at < head.size();
       at = FindMagic(head, at + 1)) {
    if (search.Find(at).outcome != SearchOutcome::kNone) return true;
  }
  return false;
}

size_t CutBlobs(Bytes window, bool at_end) {
  if (at_end) return window.size();
  const size_t last = FindLastMagic(window);
  if (last != 0 && last != window.size()) return last;
  // One blob that extends past the window, or none: bytes outside blobs can be
  // cut anywhere except within a magic.
  return last == 0 ? 0 : window.size() - PartialMagic(window);
}

// The end of the segment is a candidate too, if a blob may end there.
void FrameBlobs(const Segment& segment, Frames* frames) {
  const Bytes bytes = segment.bytes;
  BlobSearch search(bytes, /*at_end=*/true);
  BlobGuess guess(bytes);
  size_t start = FindMagic(bytes, 0);
  bool may_guess =
      frames->may_guess && start == 0 && frames->failed_searches.empty();
  while (start < bytes.size()) {
    if (frames->list.size() >= frames->max_frames) {
      frames->left = bytes.size() - start;
      return;
    }
    if (may_guess) {
      frames->work += guess.work();
      if (const auto size = guess.SizeAt(start); size.has_value()) {
        frames->list.Append(BlobFrame(bytes, start, *size, false));
        frames->list.back().guessed = true;
        guess.Learn(*size);
        start += *size;
        continue;
      }
    }
    const BlobEnd end = search.FindCandidate(start);
    frames->work += end.work;
    if (end.outcome != SearchOutcome::kFound) {
      may_guess = false;
      start = FindMagic(bytes, start + 1);
      continue;
    }
    frames->list.Append(BlobFrame(bytes, start, end.size, false));
    frames->list.back().ordinary = true;
    guess.Learn(end.size);
    start += end.size;
    const size_t line_end = LineEndSize(bytes.subspan(start));
    may_guess = may_guess && line_end == 0;
    start += line_end;
  }
}

void ResolveBlobs(const Segment& segment, Frames* frames) {
  if (frames->failed_searches.empty() && AllHold(segment, *frames)) return;
  frames->misguessed = std::ranges::any_of(frames->list, &Frame::guessed);
  if (frames->misguessed) return;
  BlobResolver(segment, frames).Run();
}

// Before a blob that verifies, where no search that began earlier, in bytes
// that are not a blob, may limit those that follow (blob_search.h).
std::optional<size_t> SplitBlobs(const Segment& segment, size_t from) {
  const Bytes bytes = segment.bytes;
  BlobSearch search(bytes, segment.ends_input);
  size_t start = FindMagic(bytes, 0);
  while (start < bytes.size()) {
    const bool is_free = start >= from && search.VainFrom(start).empty();
    const BlobEnd end = search.Find(start);
    if (end.outcome == SearchOutcome::kNeedsMore) break;
    const bool is_blob = end.outcome == SearchOutcome::kFound;
    if (is_blob && is_free) return start;
    start = FindMagic(bytes, start + (is_blob ? end.size : 1));
  }
  return std::nullopt;
}

Sight RecognizeBlobs(SniffPass pass, Recognition* recognition) {
  const Bytes head = recognition->head;
  const bool found = pass == SniffPass::kFromStart
                         ? head.empty() || StartsWithMagic(head)
                         : LooksLikeBlobs(head, recognition->whole);
  return found ? Sight::kYes : Sight::kNo;
}

std::unique_ptr<RecordWriter> NewBlobsWriter(const ContainerFormat&,
                                             const JsonSource&) {
  return std::make_unique<BlobsWriter>();
}

}  // namespace thresh
