// See blob_gap.h. The end of a damaged blob is known if its fields still lead
// there; otherwise a line end before it indicates that its file has line ends.
#include "container/blob_gap.h"

#include "container/blob_end.h"
#include "container/container.h"
#include "record/envelope.h"
#include "record/field.h"

namespace thresh {
namespace {

// Whether `bytes` end with a line end of `size` bytes: 1 for LF, 2 for CRLF.
bool EndsWithLineEnd(Bytes bytes, size_t size) {
  return bytes.size() > size && IsLineEnd(bytes.last(size));
}

// The field boundaries of a message after a magic, in order.
class Boundaries {
 public:
  explicit Boundaries(Bytes blob) : blob_(blob) {}

  // Whether there is one `size` bytes into the blob, with a field before it.
  // `size` must not decrease from call to call.
  bool HasAt(size_t size) {
    while (sound_ && at_ < size) {
      const FieldExtent field = MeasureField(blob_.subspan(at_));
      sound_ = field.status == FieldStatus::kOk;
      if (sound_) at_ += static_cast<size_t>(field.size);
    }
    return sound_ && at_ == size && at_ > kMagic.size();
  }

 private:
  Bytes blob_;
  size_t at_ = kMagic.size();
  bool sound_ = true;
};

}  // namespace

bool IsLineEnd(Bytes bytes) {
  return !bytes.empty() && LineEndSize(bytes) == bytes.size();
}

size_t LineEndBeforeDamage(Bytes gap) {
  const size_t size = LineEndSize(gap);
  return StartsWithMagic(gap.subspan(size)) ? size : 0;
}

size_t LineEndAfterDamage(Bytes damage, size_t before, bool whole) {
  const bool ends_alike = before > 0 && EndsWithLineEnd(damage, before);
  constexpr size_t kLeast = kMagic.size() + kDigestSize + 2;
  if (!whole || damage.size() > kMaxRecordBytes || damage.size() < kLeast) {
    return ends_alike ? before : 0;
  }
  if (!StartsWithMagic(damage)) return 0;
  Boundaries boundaries(damage);
  const size_t digest = damage.size() - kDigestSize;
  const bool crlf = boundaries.HasAt(digest - 2) && EndsWithLineEnd(damage, 2);
  const bool lf = boundaries.HasAt(digest - 1) && EndsWithLineEnd(damage, 1);
  const bool none = boundaries.HasAt(digest);
  if (crlf) return 2;
  if (lf) return 1;
  return ends_alike && !none ? before : 0;
}

}  // namespace thresh
