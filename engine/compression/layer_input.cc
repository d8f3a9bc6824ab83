// Bytes are moved to the buffer's front only when those after them would not
// fit, so that a decoder that consumes steadily copies very little.
#include "compression/layer_input.h"

#include <algorithm>

namespace thresh {
namespace {

constexpr size_t kUsualRead = size_t{128} << 10;

}  // namespace

Bytes LayerInput::Peek(size_t size) {
  while (buffered().size() < size && !ended_) {
    if (!MakeRoom(size)) {
      out_of_memory_ = true;
      ended_ = true;
      break;
    }
    const size_t read = source_->Read(buffer_.room());
    buffer_.Fill(read);
    ended_ = read == 0;
  }
  return buffered();
}

// Makes room for more bytes than there are, up to about `size`. A length that
// the input claims takes memory only as its bytes arrive.
bool LayerInput::MakeRoom(size_t size) {
  const size_t held = buffered().size();
  const size_t sure =
      held + static_cast<size_t>(std::min<uint64_t>(size, source_->at_hand()));
  const size_t wanted = std::clamp(std::max(held * 2, sure), kUsualRead,
                                   std::max(size, kUsualRead));
  if (begin_ > 0 && begin_ + wanted > buffer_.capacity()) {
    buffer_.DropFront(begin_);
    begin_ = 0;
  }
  return buffer_.Reserve(begin_ + wanted);
}

uint64_t LayerInput::Skip(uint64_t size) {
  uint64_t skipped = 0;
  while (skipped < size) {
    const Bytes next = Peek(1);
    if (next.empty()) break;
    const auto step =
        static_cast<size_t>(std::min<uint64_t>(next.size(), size - skipped));
    Consume(step);
    skipped += step;
  }
  return skipped;
}

}  // namespace thresh
