// Compiles the kernel for each target and selects one at run time.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
// NOLINTBEGIN(modernize-concat-nested-namespaces)
// NOLINTBEGIN(misc-use-internal-linkage)
// Highway's macros, and what they must find when they include this file again.
#include "base/json_escape.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/json_escape.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// After foreach_target.h, which includes this file again for each target.
#include "hwy/highway.h"
#include "simd/dispatch.h"

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#include "base/json_escape-inl.h"
#endif

#if HWY_ONCE
namespace thresh {
namespace json {
namespace {

// Shorter text does not fill a vector of the kernels.
constexpr size_t kShortest = 33;

constexpr auto kKernels = THRESH_SIMD_TABLE(EscapeInVectors, EscapePlain);

}  // namespace
}  // namespace json

uint8_t* EscapeJson(Bytes text, uint8_t* out) {
  if (text.size() < json::kShortest) return json::EscapePlain(text, out);
  return json::kKernels[simd::PlaceInUse()](text, out);
}

}  // namespace thresh
#endif  // HWY_ONCE
// NOLINTEND(misc-use-internal-linkage)
// NOLINTEND(modernize-concat-nested-namespaces)
// NOLINTEND(cppcoreguidelines-macro-usage)
