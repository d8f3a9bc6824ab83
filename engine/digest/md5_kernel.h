// The interface between a vector kernel and its scheduler: plain functions and
// a few numbers, so that only the kernel is compiled once per target.
#ifndef THRESH_DIGEST_MD5_KERNEL_H_
#define THRESH_DIGEST_MD5_KERNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "digest/block_lanes.h"
#include "digest/md5_block.h"

namespace thresh::md5 {

inline constexpr size_t kMaxVectors = 3;
inline constexpr size_t kMaxLanesPerVector = blocks::kMaxLanesPerVector;
inline constexpr size_t kMaxLanes = kMaxVectors * kMaxLanesPerVector;

// Folds `blocks` blocks of 64 bytes from each lanes[i] into the state of lane
// i; reads those bytes only. Word w of the state of lane i of vector v is
// state[(4 * v + w) * lanes_per_vector + i]; `state` is aligned to a vector.
using FoldLanes = void (*)(const uint8_t* const* lanes, size_t blocks,
                           uint32_t* state);

// What the lanes add in `step`: its sine; one less in the last round, where
// they subtract the complement instead of adding: a + ~x = a - 1 - x.
constexpr uint32_t AddendOf(size_t step) {
  return kSines[step] - (step < 48 ? 0 : 1);
}

// The same in memory, unknown to the compiler. Broadcasting a number from
// memory uses only the load units; g++'s code for a known one does not.
extern const std::array<uint32_t, kSteps> kAddends;

struct Kernel {
  size_t lanes_per_vector;
  // fold[v - 1] folds v vectors.
  std::array<FoldLanes, kMaxVectors> fold;
  // The time in which fold[v - 1] folds one block of every lane, measured in
  // blocks of the one-message Fold.
  std::array<double, kMaxVectors> cost;
};

}  // namespace thresh::md5

#endif  // THRESH_DIGEST_MD5_KERNEL_H_
