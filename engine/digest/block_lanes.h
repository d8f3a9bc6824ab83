// Common to the kernels of all digests in lanes: blocks of 64 bytes, and how
// many lanes of 32 bits a vector has at most.
#ifndef THRESH_DIGEST_BLOCK_LANES_H_
#define THRESH_DIGEST_BLOCK_LANES_H_

#include <cstddef>

namespace thresh::blocks {

inline constexpr size_t kBlockSize = 64;
inline constexpr size_t kMaxLanesPerVector = 16;

}  // namespace thresh::blocks

#endif  // THRESH_DIGEST_BLOCK_LANES_H_
