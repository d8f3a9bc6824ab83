// The interface between a vector kernel of SHA-256 and its scheduler.
#ifndef THRESH_DIGEST_SHA256_KERNEL_H_
#define THRESH_DIGEST_SHA256_KERNEL_H_

#include <cstddef>
#include <cstdint>

#include "digest/block_lanes.h"
#include "digest/sha256_block.h"

namespace thresh::sha256 {

inline constexpr size_t kMaxLanes = blocks::kMaxLanesPerVector;

// Blocks of output of MGF1 for one seed.
inline constexpr size_t kMaskBlocks = 12;

struct Kernel {
  size_t lanes;

  // Folds `blocks` blocks of 64 bytes, at least one, from each lanes[i] into
  // the state of lane i; reads those bytes only. Word w of the state of lane i
  // is state[w * lanes + i]; `state` is aligned to a vector.
  void (*fold)(const uint8_t* const* lanes, size_t blocks, uint32_t* state);

  // Writes SHA-256(seed || u32 big-endian counter) for all counters below
  // kMaskBlocks, where seeds have the layout of a state, and word w for counter
  // c of lane i is stored at masks[(kStateWords * c + w) * lanes + i]. Both are
  // aligned to a vector.
  void (*expand)(const uint32_t* seeds, uint32_t* masks);
};

}  // namespace thresh::sha256

#endif  // THRESH_DIGEST_SHA256_KERNEL_H_
