// The one choice of an instruction set that all kernels share: kernels of one
// kind stand in a table, each in the place of its target, and the process uses
// one place.
#ifndef THRESH_SIMD_TARGETS_H_
#define THRESH_SIMD_TARGETS_H_

#include <atomic>
#include <cstddef>
#include <string>

namespace thresh {

// Makes every kernel use `target`, one of SimdTargets(), from now on and in the
// whole process; "" goes back to what SimdTarget() was at first. Returns false,
// and changes nothing, if there is no such target. For tests and benchmarks;
// not to be called while a kernel runs.
bool ForceSimdTarget(const std::string& target);

namespace simd {

// The place of the plain C++ twins.
inline constexpr size_t kPortable = 0;

inline constexpr size_t kUndecided = SIZE_MAX;
inline std::atomic<size_t> place_in_use = kUndecided;

// Decides on first use, and returns the place.
size_t DecidePlace();

// The place of the target in use: a load and a branch, cheap enough for a
// record.
inline size_t PlaceInUse() {
  const size_t place = place_in_use.load(std::memory_order_relaxed);
  return place != kUndecided ? place : DecidePlace();
}

}  // namespace simd
}  // namespace thresh

#endif  // THRESH_SIMD_TARGETS_H_
