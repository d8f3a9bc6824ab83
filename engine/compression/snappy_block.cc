// libsnappy decodes; this file checks the sizes that a block claims.
#include "compression/snappy_block.h"

#include <snappy.h>

#include <algorithm>
#include <array>

#include "base/byte_order.h"

namespace thresh {
namespace {

constexpr char kBadBlock[] = "a block of it cannot be decoded";
// Three bytes copy at most 64, which is the best ratio.
constexpr size_t kMaxRatio = 22;

// An element of a block: a literal, or a copy of earlier content.
struct Element {
  size_t head;    // bytes of the block before a literal's own
  size_t length;  // of the content
  bool copies;
  size_t distance;  // back to the copied bytes
};

// The element that begins at the front of `block`, which is not empty and may
// have only a part of a literal; null if it is too short.
std::optional<Element> FirstElement(Bytes block) {
  constexpr std::array<size_t, 4> kOffsetSizes = {0, 1, 2, 4};
  constexpr size_t kLongestShort = 60;  // literal whose length is in the tag
  const size_t kind = block[0] & 3;
  const size_t high = block[0] >> 2;
  const size_t number_size =
      kind > 0 ? kOffsetSizes[kind] : high - std::min(high, kLongestShort - 1);
  if (block.size() <= number_size) return std::nullopt;
  const auto number =
      static_cast<size_t>(LoadLe(block.data() + 1, number_size));
  if (kind == 0) {
    const size_t length = 1 + (number_size == 0 ? high : number);
    return Element{1 + number_size, length, false, 0};
  }
  // Three bits of a short offset are in the tag.
  if (kind == 1) {
    return Element{2, 4 + (high & 7), true, high >> 3 << 8 | number};
  }
  return Element{1 + number_size, 1 + high, true, number};
}

// Calls visit(element, literal) for each element of `start`, the start of a
// block with `size` bytes of content, as far as available; `literal` is the
// available part of a literal's bytes. False if an element contradicts those
// before.
template <typename Visit>
bool ForElements(Bytes start, size_t size, Visit&& visit) {
  // After the varint of the content's size.
  while ((start[0] & 0x80) != 0) start = start.subspan(1);
  start = start.subspan(1);
  size_t produced = 0;
  while (!start.empty()) {
    const std::optional<Element> element = FirstElement(start);
    if (!element.has_value()) break;
    if (element->length > size - produced) return false;
    if (element->copies &&
        (element->distance == 0 || element->distance > produced)) {
      return false;
    }
    produced += element->length;
    start = start.subspan(element->head);
    const Bytes literal = start.first(
        element->copies ? 0 : std::min(start.size(), element->length));
    start = start.subspan(literal.size());
    visit(*element, literal);
  }
  return true;
}

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

bool IsSnappyBlockStart(Bytes start) {
  const std::optional<size_t> size = SnappyContentSize(start);
  return size.has_value() &&
         ForElements(start, *size, [](const Element&, Bytes) {});
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
    return LayerStep::Of(LayerStep::State::kNoMemory);
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

// Not by libsnappy, which treats a block that ends early as invalid.
LayerStep SnappyContent::DecodeStart(Bytes start, std::span<uint8_t> out) {
  const std::optional<size_t> size = SnappyContentSize(start);
  if (!size.has_value()) return LayerStep::Of(LayerStep::State::kCut);
  content_.Clear();
  delivered_ = 0;
  is_cut_ = true;
  if (!content_.Reserve(std::min(*size, start.size() * kMaxRatio))) {
    return LayerStep::Of(LayerStep::State::kNoMemory);
  }
  ForElements(start, *size, [this](const Element& element, Bytes literal) {
    uint8_t* const to = content_.room().data();
    if (element.copies) {
      // Byte by byte: it may overlap itself.
      for (size_t i = 0; i < element.length; ++i) {
        to[i] = *(to + i - element.distance);
      }
    } else {
      std::ranges::copy(literal, to);
    }
    content_.Fill(element.copies ? element.length : literal.size());
  });
  return Deliver(out);
}

LayerStep SnappyContent::Deliver(std::span<uint8_t> out) {
  const Bytes rest = content_.filled().subspan(delivered_);
  const size_t size = std::min(out.size(), rest.size());
  std::copy_n(rest.data(), size, out.data());
  delivered_ += size;
  LayerStep step = LayerStep::Produced(size);
  if (is_cut_ && !pending()) step.state = LayerStep::State::kCut;
  return step;
}

}  // namespace thresh
