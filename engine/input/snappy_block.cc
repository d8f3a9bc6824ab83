// libsnappy decodes; this file keeps what a block claims within bounds.
#include "input/snappy_block.h"

#include <snappy.h>

#include <algorithm>

namespace thresh {
namespace {

constexpr char kBadBlock[] = "a block of it cannot be decoded";
// Three bytes copy at most 64, and nothing does better.
constexpr size_t kMaxRatio = 22;

const char* Chars(Bytes bytes) { return AsText(bytes).data(); }

}  // namespace

std::optional<size_t> SnappyContentSize(Bytes block) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(Chars(block), block.size(), &size) ||
      size > kMaxSnappyContent) {
    return std::nullopt;
  }
  return size;
}

bool IsSnappyBlock(Bytes block) {
  return snappy::IsValidCompressedBuffer(Chars(block), block.size());
}

LayerStep SnappyContent::Decode(Bytes block, std::span<uint8_t> out) {
  const std::optional<size_t> size = SnappyContentSize(block);
  if (!size.has_value() || *size / kMaxRatio > block.size()) {
    return LayerStep::Damaged(kBadBlock);
  }
  content_.Clear();
  delivered_ = 0;
  const bool direct = *size <= out.size();
  if (!direct && !content_.Reserve(*size)) {
    return {LayerStep::State::kNoMemory, 0, {}};
  }
  uint8_t* const room = direct ? out.data() : content_.room().data();
  if (!snappy::RawUncompress(Chars(block), block.size(),
                             reinterpret_cast<char*>(room))) {
    return LayerStep::Damaged(kBadBlock);
  }
  if (direct) return LayerStep::Produced(*size);
  content_.Fill(*size);
  return Deliver(out);
}

LayerStep SnappyContent::Deliver(std::span<uint8_t> out) {
  const Bytes rest = content_.filled().subspan(delivered_);
  const size_t size = std::min(out.size(), rest.size());
  std::copy_n(rest.data(), size, out.data());
  delivered_ += size;
  return LayerStep::Produced(size);
}

}  // namespace thresh
