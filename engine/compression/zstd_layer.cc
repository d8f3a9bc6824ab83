// Zstandard: frames back to back, some of them skippable.
#include <algorithm>

#include "base/byte_order.h"
#include "compression/layer.h"
#include "compression/zstd_codec.h"

namespace thresh {
namespace {

constexpr size_t kZstdSniffBytes = size_t{64} << 10;

bool LooksZstd(Bytes head, bool /*complete*/) {
  if (head.size() < kZstdMagicSize) return false;
  while (head.size() >= kZstdSkippableHeader &&
         IsSkippableZstd(LoadLe<uint32_t>(head.data()))) {
    const size_t size =
        kZstdSkippableHeader + LoadLe<uint32_t>(&head[kZstdMagicSize]);
    // Other formats have skippable frames too, but begin with those of their
    // own.
    if (size > head.size()) return true;
    head = head.subspan(size);
  }
  if (head.size() < kZstdMagicSize) return true;
  const auto magic = LoadLe<uint32_t>(head.data());
  return IsSkippableZstd(magic) ||
         (magic == kZstdMagic && StartsZstdFrame(head));
}

}  // namespace

constinit const Layer kZstdLayer = {"zstd", kZstdSniffBytes, LooksZstd,
                                    OpenZstd};

}  // namespace thresh
