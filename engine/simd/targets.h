// The choice of an instruction set, shared by all kernels: kernels of one kind
// are stored in a table, each at the index of its target, and the process uses
// one index.
#ifndef THRESH_SIMD_TARGETS_H_
#define THRESH_SIMD_TARGETS_H_

#include <atomic>
#include <cstddef>
#include <string>

namespace thresh {

// Makes every kernel use `target`, one of SimdTargets(), from now on and in the
// whole process; "" restores the initial SimdTarget(). Returns false, and
// changes nothing, if there is no such target. For tests and benchmarks; must
// not be called while a kernel runs.
bool ForceSimdTarget(const std::string& target);

namespace simd {

// The index of the plain C++ twins.
inline constexpr size_t kPortable = 0;

inline constexpr size_t kUndecided = SIZE_MAX;
inline std::atomic<size_t> place_in_use = kUndecided;

// Decides on first use, and returns the index.
size_t DecidePlace();

// The index of the target in use: a load and a branch, cheap enough for every
// record.
inline size_t PlaceInUse() {
  const size_t place = place_in_use.load(std::memory_order_relaxed);
  return place != kUndecided ? place : DecidePlace();
}

}  // namespace simd
}  // namespace thresh

#endif  // THRESH_SIMD_TARGETS_H_
