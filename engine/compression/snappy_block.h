// Raw snappy, the blocks that all framings of snappy contain. A block is
// decoded as a whole, into the caller's buffer if it fits there.
#ifndef THRESH_COMPRESSION_SNAPPY_BLOCK_H_
#define THRESH_COMPRESSION_SNAPPY_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "compression/layer.h"
#include "io/buffer_pool.h"
#include "thresh/bytes.h"

namespace thresh {

// The most content of a block that can be read, and the most bytes that it may
// be compressed to.
inline constexpr size_t kMaxSnappyContent = size_t{64} << 20;
inline constexpr size_t kMaxSnappyBlock =
    32 + kMaxSnappyContent + kMaxSnappyContent / 6;

// The size of the content of a block that begins with `block`, which need not
// be all of it; null if it has no valid size, or more than kMaxSnappyContent.
std::optional<size_t> SnappyContentSize(Bytes block);

// Whether `block`, a whole one, can be decoded.
bool IsSnappyBlock(Bytes block);

// Whether `start` can be the start of a longer block that can be decoded.
bool IsSnappyBlockStart(Bytes start);

// Content that is returned in one or more steps.
class SnappyContent {
 public:
  // Decodes `block`, and returns what fits into `out`.
  LayerStep Decode(Bytes block, std::span<uint8_t> out);

  // The same for a block of which only the start is available: returns its
  // content, with the state kCut in the last step. No block follows.
  LayerStep DecodeStart(Bytes start, std::span<uint8_t> out);

  // Whether there is more content to return.
  [[nodiscard]] bool pending() const {
    return delivered_ < content_.filled().size();
  }
  LayerStep Deliver(std::span<uint8_t> out);

 private:
  Buffer content_;
  size_t delivered_ = 0;
  bool is_cut_ = false;
};

}  // namespace thresh

#endif  // THRESH_COMPRESSION_SNAPPY_BLOCK_H_
