// Detects the processor's features. On x86 this uses the compiler's runtime,
// not Highway's library: Debian's calibrates a timer at the start of every
// process, three milliseconds before main(), which is noticeable in a short
// run. The linker leaves the library out of programs that do not call it.
#include "simd/targets.h"

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "simd/dispatch.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace simd {
namespace {

constexpr char kVariable[] = "THRESH_TARGET";

struct Target {
  std::string name;
  size_t place;
};

// The index of Highway's target `bit`.
size_t PlaceOf(int64_t bit) {
  return static_cast<size_t>(
      std::countr_zero(static_cast<uint64_t>(HWY_CHOSEN_TARGET_SHIFT(bit))));
}

// The targets that the processor supports, as a mask of Highway's.
int64_t ProcessorTargets() {
#if HWY_ARCH_X86
  // Each target includes the ones before it. Those beyond AVX3 add nothing that
  // the kernels use.
  int64_t targets = 0;
#ifdef HWY_SSE2
  targets |= HWY_SSE2;
#endif
  if (!__builtin_cpu_supports("ssse3")) return targets;
  targets |= HWY_SSSE3;
  if (!__builtin_cpu_supports("sse4.1") || !__builtin_cpu_supports("sse4.2") ||
      !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("aes")) {
    return targets;
  }
  targets |= HWY_SSE4;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("f16c") || !__builtin_cpu_supports("bmi") ||
      !__builtin_cpu_supports("bmi2")) {
    return targets;
  }
  targets |= HWY_AVX2;
  if (!__builtin_cpu_supports("avx512f") ||
      !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512bw")) {
    return targets;
  }
  return targets | HWY_AVX3;
#else
  return HWY_SUPPORTED_TARGETS;
#endif
}

// A vector of one lane, or an emulated one, is no faster than the plain code,
// and is not compiled.
constexpr int64_t kCompiled = HWY_TARGETS & ~(HWY_SCALAR | HWY_EMU128);

std::vector<Target> FindTargets() {
  std::vector<Target> targets;
  // A lower bit is a better target.
  for (int64_t left = ProcessorTargets() & kCompiled; left != 0;
       left &= left - 1) {
    const int64_t bit = left & -left;
    targets.push_back({hwy::TargetName(bit), PlaceOf(bit)});
  }
  targets.push_back({"portable", kPortable});
  return targets;
}

const std::vector<Target>& Targets() {
  static const std::vector<Target> kTargets = FindTargets();
  return kTargets;
}

std::optional<size_t> Find(const std::string& name) {
  for (const Target& target : Targets()) {
    if (target.name == name) return target.place;
  }
  return std::nullopt;
}

Error NoSuchTarget(const std::string& name) {
  std::string names;
  for (const Target& target : Targets()) {
    if (!names.empty()) names += ", ";
    names += target.name;
  }
  return {.code = ErrorCode::kInvalidArgument,
          .file = {},
          .offset = {},
          .message = std::string(kVariable) + " is '" + name +
                     "', which this build or this processor does not have",
          .remedy = "choose one of " + names};
}

// The target in the environment, or the best if there is none.
struct Default {
  size_t place;
  std::optional<Error> error;
};

Default FindDefault() {
  const size_t best = Targets().front().place;
  const char* const variable = std::getenv(kVariable);
  const std::string name = variable != nullptr ? variable : "";
  if (name.empty()) return {best, std::nullopt};
  const std::optional<size_t> place = Find(name);
  if (!place.has_value()) return {best, NoSuchTarget(name)};
  return {*place, std::nullopt};
}

const Default& TheDefault() {
  static const Default kDefault = FindDefault();
  return kDefault;
}

}  // namespace

size_t DecidePlace() {
  // If another thread decided or forced a target in the meantime, that one is
  // kept.
  size_t place = kUndecided;
  const size_t decided = TheDefault().place;
  return place_in_use.compare_exchange_strong(place, decided) ? decided : place;
}

}  // namespace simd

std::vector<std::string> SimdTargets() {
  std::vector<std::string> names;
  for (const simd::Target& target : simd::Targets()) {
    names.push_back(target.name);
  }
  return names;
}

Result<std::string> SimdTarget() {
  if (simd::TheDefault().error.has_value()) {
    return tl::unexpected(*simd::TheDefault().error);
  }
  const size_t place = simd::PlaceInUse();
  for (const simd::Target& target : simd::Targets()) {
    if (target.place == place) return target.name;
  }
  return "portable";
}

bool ForceSimdTarget(const std::string& target) {
  const std::optional<size_t> place =
      target.empty() ? simd::TheDefault().place : simd::Find(target);
  if (place.has_value()) simd::place_in_use = *place;
  return place.has_value();
}

}  // namespace thresh
