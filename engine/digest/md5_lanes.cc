// Compiles the lanes' kernel for each target, picks one at run time and hands
// it to the scheduler.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
// NOLINTBEGIN(modernize-concat-nested-namespaces)
// NOLINTBEGIN(misc-use-internal-linkage)
// Highway's macros, and what they must find when they include this file again.
#include "digest/md5_lanes.h"

#include <atomic>

#include "digest/md5_block.h"
#include "digest/md5_kernel.h"
#include "digest/md5_schedule.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "digest/md5_lanes.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// After foreach_target.h, which includes this file again for each target.
#include "hwy/highway.h"

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#include "digest/md5_lanes-inl.h"
#endif

HWY_BEFORE_NAMESPACE();
namespace thresh::md5 {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

// A vector of one lane has nothing to offer over the plain code.
const Kernel* GetKernel() { return nullptr; }

#else

// Four vectors would be as fast on bytes in the cache and slower on others: the
// processor's own prefetching loses track of so many streams. The costs are
// rounded from measurements on a Xeon with AVX-512. They differ between
// processors, but only batches of few lanes' work depend on them.
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

#endif

}  // namespace HWY_NAMESPACE
}  // namespace thresh::md5
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace thresh {
namespace md5 {
namespace {

HWY_EXPORT(GetKernel);

struct Target {
  std::string name;
  const Kernel* kernel;  // null: the plain code
};

// Asks Highway for one target after the other, which shows to other users of
// Highway in the process until it is done; they get slower, not wrong.
std::vector<Target> FindTargets() {
  std::vector<Target> targets;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    const Kernel* const kernel = HWY_DYNAMIC_DISPATCH(GetKernel)();
    if (kernel != nullptr) targets.push_back({hwy::TargetName(target), kernel});
  }
  hwy::SetSupportedTargetsForTest(0);
  targets.push_back({"portable", nullptr});
  return targets;
}

const std::vector<Target>& Targets() {
  static const std::vector<Target> kTargets = FindTargets();
  return kTargets;
}

std::atomic<const Target*> forced_target = nullptr;

const Kernel* BestKernel() { return HWY_DYNAMIC_DISPATCH(GetKernel)(); }

}  // namespace
}  // namespace md5

void Md5Many(std::span<const Bytes> messages, std::span<Md5Digest> digests) {
  const md5::Target* const forced = md5::forced_target;
  const md5::Kernel* const kernel =
      forced != nullptr ? forced->kernel : md5::BestKernel();
  if (kernel != nullptr) {
    md5::HashInLanes(*kernel, messages, digests);
  } else {
    for (size_t i = 0; i < messages.size(); ++i) digests[i] = Md5(messages[i]);
  }
}

std::vector<std::string> Md5Targets() {
  std::vector<std::string> names;
  for (const md5::Target& target : md5::Targets()) names.push_back(target.name);
  return names;
}

bool ForceMd5Target(const std::string& target) {
  if (target.empty()) {
    md5::forced_target = nullptr;
    return true;
  }
  for (const md5::Target& candidate : md5::Targets()) {
    if (candidate.name == target) {
      md5::forced_target = &candidate;
      return true;
    }
  }
  return false;
}

}  // namespace thresh
#endif  // HWY_ONCE
// NOLINTEND(misc-use-internal-linkage)
// NOLINTEND(modernize-concat-nested-namespaces)
// NOLINTEND(cppcoreguidelines-macro-usage)
