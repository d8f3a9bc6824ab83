// See blob_guess.h.
#include "container/blob_guess.h"

#include <algorithm>

#include "container/container.h"
#include "record/envelope.h"

namespace thresh {
namespace {

// A blob is full when the next record does not fit, so sizes differ by up to a
// record, of which few are larger than this.
size_t MaxTolerance(size_t size) { return size / 8; }

}  // namespace

void BlobGuess::Learn(size_t size) {
  constexpr size_t kMinTolerance = 256;
  const size_t difference = size > size_ ? size - size_ : size_ - size;
  const size_t most = MaxTolerance(size);
  if (difference <= most) {
    tolerance_ = std::max({tolerance_, 4 * difference, kMinTolerance});
    tolerance_ = std::min(tolerance_, most);
    alike_ = true;
  } else {
    tolerance_ = 0;
    alike_ = false;
  }
  size_ = size;
}

std::optional<size_t> BlobGuess::SizeAt(size_t start) const {
  const Bytes rest = bytes_.subspan(start);
  const size_t least = std::max(size_ - tolerance_, kMinAggregateSize);
  const size_t most = std::min(size_ + tolerance_, kMaxRecordBytes);
  if (!alike_ || rest.size() < least) return std::nullopt;
  const Bytes seen = rest.first(std::min(most + kMagic.size(), rest.size()));
  const size_t magic = FindMagic(seen, least);
  if (magic < seen.size()) return magic;
  if (rest.size() <= most) return rest.size();
  return std::nullopt;
}

}  // namespace thresh
