// The functions of SizeDistribution that are not called for every record.
#include <cmath>

#include "thresh/distribution.h"

namespace thresh {

void SizeDistribution::Merge(const SizeDistribution& other) {
  for (size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double SizeDistribution::Mean() const {
  if (count_ == 0) return 0;
  return static_cast<double>(sum_) / static_cast<double>(count_);
}

uint64_t SizeDistribution::FirstOf(size_t i) {
  if (i < (2U << kBits)) return i;
  const size_t shift = (i >> kBits) - 1;
  return (i - (shift << kBits)) << shift;
}

uint64_t SizeDistribution::Quantile(double q) const {
  if (count_ == 0) return 0;
  const double wanted = std::ceil(q * static_cast<double>(count_));
  uint64_t seen = 0;
  for (size_t i = 0; i + 1 < kBuckets; ++i) {
    seen += counts_[i];
    if (seen > 0 && static_cast<double>(seen) >= wanted) {
      return std::clamp(FirstOf(i + 1) - 1, min_, max_);
    }
  }
  return max_;
}

}  // namespace thresh
