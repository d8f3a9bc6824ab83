// For the file that compiles a kernel for each target: the table from which one
// is selected at run time. Replaces HWY_EXPORT, which does not support a plain
// C++ twin and links Highway's library; targets.cc states the cost of that.
#ifndef THRESH_SIMD_DISPATCH_H_
#define THRESH_SIMD_DISPATCH_H_

#include <array>
#include <cstddef>

#include "hwy/highway.h"
#include "simd/targets.h"

namespace thresh::simd {

// The portable entry, and then one for each target in Highway's order.
inline constexpr size_t kPlaces = 1 + HWY_MAX_DYNAMIC_TARGETS;

template <typename Function>
using Table = std::array<Function*, kPlaces>;

}  // namespace thresh::simd

// The table of HWY_NAMESPACE::function for every target that is compiled, and
// of `twin`, which has the same type and is the portable one. Must be used
// where the namespaces of the targets are visible.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): pastes namespaces' names
#define THRESH_SIMD_TABLE(function, twin)     \
  ::thresh::simd::Table<decltype(twin)> {     \
    &(twin), HWY_CHOOSE_TARGET_LIST(function) \
  }

#endif  // THRESH_SIMD_DISPATCH_H_
