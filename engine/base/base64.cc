// Compiles the base64 kernels for each target and selects one at run time:
// NDJSON output spends most of its time in base64, and archives of base64 lines
// are decoded with it.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
// NOLINTBEGIN(modernize-concat-nested-namespaces)
// NOLINTBEGIN(misc-use-internal-linkage)
// Highway's macros, and what they must find when they include this file again.
#include "base/base64.h"

#include "base/base64_plain.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/base64.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// After foreach_target.h, which includes this file again for each target.
#include "hwy/highway.h"
#include "simd/dispatch.h"

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#include "base/base64_decode-inl.h"
#include "base/base64_encode-inl.h"
#endif

#if HWY_ONCE
namespace thresh {
namespace base64 {
namespace {

constexpr auto kEncoders = THRESH_SIMD_TABLE(Encode, EncodePlain);
constexpr auto kDecoders = THRESH_SIMD_TABLE(Decode, DecodePlain);

}  // namespace
}  // namespace base64

void Base64Encode(Bytes data, uint8_t* out) {
  if (data.size() < base64::kShortestData) {
    return base64::EncodePlain(data, out);
  }
  base64::kEncoders[simd::PlaceInUse()](data, out);
}

std::optional<size_t> Base64Decode(Bytes text, uint8_t* out) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return 0;
  if (text.size() < base64::kShortestText) {
    return base64::DecodePlain(text, out);
  }
  return base64::kDecoders[simd::PlaceInUse()](text, out);
}

}  // namespace thresh
#endif  // HWY_ONCE
// NOLINTEND(misc-use-internal-linkage)
// NOLINTEND(modernize-concat-nested-namespaces)
// NOLINTEND(cppcoreguidelines-macro-usage)
