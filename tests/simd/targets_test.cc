// The choice of a target. The kernels' own tests check that each gives correct
// results; cli/usage_test tests the environment variable.
#include "simd/targets.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "hwy/targets.h"
#include "simd/dispatch.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

using ::testing::Contains;

TEST(SimdTargets, EndWithThePortableOne) {
  const std::vector<std::string> targets = SimdTargets();
  ASSERT_FALSE(targets.empty());
  EXPECT_EQ(targets.back(), "portable");
  EXPECT_EQ(std::count(targets.begin(), targets.end(), "portable"), 1);
}

// Highway's own detection examines the same processor.
TEST(SimdTargets, AreThoseThatHighwayFinds) {
  std::vector<std::string> names;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (target == HWY_SCALAR || target == HWY_EMU128) continue;
#if HWY_ARCH_X86
    if (target < HWY_AVX3) continue;  // it adds nothing for the kernels
#endif
    names.emplace_back(hwy::TargetName(target));
  }
  names.emplace_back("portable");
  EXPECT_EQ(SimdTargets(), names);
}

#if defined(__x86_64__)
TEST(SimdTargets, HaveTheBestThatThisProcessorRuns) {
  if (__builtin_cpu_supports("sse4.2")) {
    EXPECT_THAT(SimdTargets(), Contains("SSE4"));
  }
  if (__builtin_cpu_supports("avx2")) {
    EXPECT_THAT(SimdTargets(), Contains("AVX2"));
  }
}
#endif

TEST(ForceSimdTarget, ForcesEach) {
  for (const std::string& target : SimdTargets()) {
    ASSERT_TRUE(ForceSimdTarget(target));
    EXPECT_EQ(SimdTarget(), target);
    EXPECT_EQ(simd::PlaceInUse() == simd::kPortable, target == "portable");
  }
  ASSERT_TRUE(ForceSimdTarget(""));
}

TEST(ForceSimdTarget, RefusesWhatIsNotThere) {
  ASSERT_TRUE(ForceSimdTarget("portable"));
  EXPECT_FALSE(ForceSimdTarget("SSE99"));
  EXPECT_FALSE(ForceSimdTarget("avx2"));
  EXPECT_EQ(SimdTarget(), "portable");
  EXPECT_TRUE(ForceSimdTarget(""));
}

}  // namespace
}  // namespace thresh
