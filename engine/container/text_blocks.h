// Texts that do not move when others are added, and of which the last can be
// removed.
#ifndef THRESH_CONTAINER_TEXT_BLOCKS_H_
#define THRESH_CONTAINER_TEXT_BLOCKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "thresh/column.h"

namespace thresh {

class TextBlocks {
 public:
  struct Mark {
    size_t blocks;
    size_t used;  // of the last
  };

  // Room for `size` bytes after the kept texts.
  uint8_t* Room(size_t size) {
    if (blocks_.empty() ||
        blocks_.back().capacity() - blocks_.back().size() < size) {
      blocks_.emplace_back().Reserve(std::max(size, kBlockBytes));
    }
    return blocks_.back().end();
  }
  // Keeps the first `size` bytes of that room.
  void Keep(size_t size) {
    blocks_.back().Resize(blocks_.back().size() + size);
  }

  [[nodiscard]] Mark mark() const {
    return {blocks_.size(), blocks_.empty() ? 0 : blocks_.back().size()};
  }
  // Removes what was kept since.
  void Return(const Mark& mark) {
    blocks_.resize(mark.blocks);
    if (mark.blocks > 0) blocks_.back().Resize(mark.used);
  }
  void Clear() { blocks_.clear(); }

  // Bytes that the texts take.
  [[nodiscard]] size_t memory() const {
    size_t bytes = 0;
    for (const Column<uint8_t>& block : blocks_) bytes += block.size();
    return bytes;
  }

 private:
  static constexpr size_t kBlockBytes = size_t{16} << 10;

  std::vector<Column<uint8_t>> blocks_;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_TEXT_BLOCKS_H_
