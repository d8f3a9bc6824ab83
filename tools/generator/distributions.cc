// See distributions.h. This file must be compiled without contraction of
// floating-point expressions (set in CMakeLists.txt).
#include "generator/distributions.h"

#include <algorithm>
#include <cmath>

namespace thresh::generator {

SizeDistribution::SizeDistribution(SizeRange range) : range_(range) {
  double factor =
      static_cast<double>(range.max) / static_cast<double>(range.min);
  for (uint32_t n = kSteps; n > 1; n /= 2) factor = std::sqrt(factor);
  curve_[0] = static_cast<double>(range.min);
  for (uint32_t i = 0; i < kSteps; ++i) curve_[i + 1] = curve_[i] * factor;
}

uint64_t SizeDistribution::Draw(Random* random) const {
  if (range_.min == range_.max) return range_.min;
  const uint64_t bits = random->Next();
  const uint64_t sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) +
                       ((bits >> 32) & 0xFFFF) + (bits >> 48);
  constexpr double kLargestSum = 4.0 * 0xFFFF;
  const double at = static_cast<double>(sum) / kLargestSum * kSteps;
  const auto step = std::min(static_cast<uint32_t>(at), kSteps - 1);
  const double within = at - step;
  const double size = curve_[step] + (curve_[step + 1] - curve_[step]) * within;
  // Rounds the same on every platform, which is the only requirement.
  // NOLINTNEXTLINE(bugprone-incorrect-roundings)
  const auto rounded = static_cast<uint64_t>(size + 0.5);
  return std::clamp(rounded, range_.min, range_.max);
}

ZipfDistribution::ZipfDistribution(uint64_t n) : columns_(n) {
  double sum = 0;
  for (uint64_t i = n; i > 0; --i) sum += 1.0 / static_cast<double>(i);
  const double scale = static_cast<double>(n) / sum;
  // Each column holds one n-th of all draws. Numbers that need less than a
  // column (`poor`) are filled up by one that needs more (`rich`).
  std::vector<uint32_t> poor;
  std::vector<uint32_t> rich;
  for (uint32_t i = 0; i < n; ++i) {
    columns_[i] = {scale / (i + 1.0), i};
    (columns_[i].own_share < 1.0 ? poor : rich).push_back(i);
  }
  while (!poor.empty() && !rich.empty()) {
    const uint32_t filled = poor.back();
    const uint32_t giver = rich.back();
    poor.pop_back();
    columns_[filled].alias = giver;
    columns_[giver].own_share -= 1.0 - columns_[filled].own_share;
    if (columns_[giver].own_share < 1.0) {
      rich.pop_back();
      poor.push_back(giver);
    }
  }
  // The rest differ from a full column by rounding only; their alias is the
  // number itself, so the share does not matter.
}

uint64_t ZipfDistribution::Draw(Random* random) const {
  constexpr double kTwoToMinus53 = 1.0 / 9007199254740992.0;
  const Uint128 product = Uint128{random->Next()} * columns_.size();
  const auto column = static_cast<uint32_t>(product >> 64);
  const auto fraction =
      static_cast<double>(static_cast<uint64_t>(product) >> 11) * kTwoToMinus53;
  return fraction < columns_[column].own_share ? column
                                               : columns_[column].alias;
}

}  // namespace thresh::generator
