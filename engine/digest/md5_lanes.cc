// Compiles the lanes' kernel for each target, selects one at run time and
// passes it to the scheduler.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
// NOLINTBEGIN(modernize-concat-nested-namespaces)
// NOLINTBEGIN(misc-use-internal-linkage)
// Highway's macros, and what they must find when they include this file again.
#include "digest/md5_lanes.h"

#include "digest/md5_block.h"
#include "digest/md5_kernel.h"
#include "digest/md5_schedule.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "digest/md5_lanes.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// After foreach_target.h, which includes this file again for each target.
#include "hwy/highway.h"
#include "simd/dispatch.h"

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#include "digest/md5_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::md5 {
namespace HWY_NAMESPACE {

// Four vectors would be as fast on bytes in the cache and slower on others:
// hardware prefetching does not follow that many streams. The costs are rounded
// from measurements on a Xeon with AVX-512. They differ between processors, but
// matter only for batches that fill few lanes.
const Kernel* GetKernel() {
  static const Kernel kKernel = {
      hn::Lanes(Words()),
      {FoldVectors<1>, FoldVectors<2>, FoldVectors<3>},
#if HWY_TARGET <= HWY_AVX3
      {1.2, 2.0, 2.9}
#else
      {1.4, 1.7, 2.3}
#endif
  };
  return &kKernel;
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::md5
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET

#if HWY_ONCE
namespace thresh {
namespace md5 {
namespace {

// The plain code needs no lanes.
const Kernel* NoKernel() { return nullptr; }

constexpr auto kKernels = THRESH_SIMD_TABLE(GetKernel, NoKernel);

}  // namespace
}  // namespace md5

void Md5Many(std::span<const Bytes> messages, std::span<Md5Digest> digests) {
  const md5::Kernel* const kernel = md5::kKernels[simd::PlaceInUse()]();
  if (kernel != nullptr) {
    md5::HashInLanes(*kernel, messages, digests);
  } else {
    for (size_t i = 0; i < messages.size(); ++i) digests[i] = Md5(messages[i]);
  }
}

}  // namespace thresh
#endif  // HWY_ONCE
// NOLINTEND(misc-use-internal-linkage)
// NOLINTEND(modernize-concat-nested-namespaces)
// NOLINTEND(cppcoreguidelines-macro-usage)
