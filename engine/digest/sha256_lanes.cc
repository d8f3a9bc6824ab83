// Compiles the kernel for each target, selects one at run time and passes it to
// the scheduler. NOLINTBEGIN(cppcoreguidelines-macro-usage)
// NOLINTBEGIN(modernize-concat-nested-namespaces)
// NOLINTBEGIN(misc-use-internal-linkage)
// Highway's macros, and what they must find when they include this file again.
#include "digest/sha256_lanes.h"

#include "digest/sha256_kernel.h"
#include "digest/sha256_schedule.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "digest/sha256_lanes.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// After foreach_target.h, which includes this file again for each target.
#include "hwy/highway.h"
#include "simd/dispatch.h"

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#include "digest/sha256_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::sha256 {
namespace HWY_NAMESPACE {

const Kernel* GetKernel() {
  static const Kernel kKernel = {
      .lanes = hn::Lanes(Words()), .fold = FoldLanes, .expand = ExpandLanes};
  return &kKernel;
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::sha256
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET

#if HWY_ONCE
namespace thresh {
namespace sha256 {
namespace {

// The plain code needs no lanes.
const Kernel* NoKernel() { return nullptr; }

constexpr auto kKernels = THRESH_SIMD_TABLE(GetKernel, NoKernel);

}  // namespace
}  // namespace sha256

void Sha256Many(std::span<const Sha256Message> messages,
                std::span<sha256::State> digests) {
  const sha256::Kernel* const kernel = sha256::kKernels[simd::PlaceInUse()]();
  if (kernel != nullptr) {
    sha256::HashInLanes(*kernel, messages, digests);
  } else {
    sha256::HashPlainly(messages, digests);
  }
}

void Mgf1Many(std::span<const sha256::State> seeds, std::span<Mask> masks) {
  const sha256::Kernel* const kernel = sha256::kKernels[simd::PlaceInUse()]();
  if (kernel != nullptr) {
    sha256::ExpandInLanes(*kernel, seeds, masks);
  } else {
    sha256::ExpandPlainly(seeds, masks);
  }
}

}  // namespace thresh
#endif  // HWY_ONCE
// NOLINTEND(misc-use-internal-linkage)
// NOLINTEND(modernize-concat-nested-namespaces)
// NOLINTEND(cppcoreguidelines-macro-usage)
