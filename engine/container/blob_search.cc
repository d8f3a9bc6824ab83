// See blob_search.h.
#include "container/blob_search.h"

#include <algorithm>

#include "record/envelope.h"

namespace thresh {

BlobEnd BlobSearch::FindCandidate(size_t start) {
  const View view = ViewFrom(start);
  const BlobEnd end = CandidateEnd(view.bytes, view.at_end);
  Note(start, end);
  return end;
}

BlobEnd BlobSearch::Find(size_t start) {
  const View view = ViewFrom(start);
  const BlobEnd end = FindBlobEnd(view.bytes, view.at_end);
  // One that needs more bytes is repeated with them.
  if (end.outcome != SearchOutcome::kNeedsMore) Note(start, end);
  return end;
}

BlobSearch::View BlobSearch::ViewFrom(size_t start) {
  const Bytes rest = bytes_.subspan(start);
  const size_t limit = limits_.At(start);
  if (limit >= rest.size()) return {rest, at_end_};
  const size_t far = FarMagic(start);
  if (far == bytes_.size()) return {rest, at_end_};
  // Includes the magic, which marks the end of a blob there.
  return {rest.first(std::max(limit, far + kMagic.size() - start)), true};
}

void BlobSearch::Note(size_t start, const BlobEnd& end) {
  const bool in_vain = end.reach > end.size;
  if (!in_vain || start + end.reach <= FarMagic(start) + kMagic.size()) return;
  limits_.Note(start, end.reach);
}

// The magic after the next kNearMagics after `start`; the size of the bytes if
// there is none.
size_t BlobSearch::FarMagic(size_t start) {
  while (count_ahead_ > 0 && ahead_[first_ahead_] <= start) {
    first_ahead_ = (first_ahead_ + 1) % ahead_.size();
    --count_ahead_;
  }
  scanned_ = std::max(scanned_, start + 1);
  size_t magic = 0;
  while (count_ahead_ < ahead_.size()) {
    magic = FindMagic(bytes_, scanned_);
    if (magic == bytes_.size()) {
      scanned_ = magic;
      return magic;
    }
    scanned_ = magic + 1;
    ahead_[(first_ahead_ + count_ahead_) % ahead_.size()] = magic;
    ++count_ahead_;
  }
  return ahead_[(first_ahead_ + count_ahead_ - 1) % ahead_.size()];
}

}  // namespace thresh
