// Buckets of a width that grows with the range. Each width divides the next, so
// that whole buckets merge into wider ones.
#include "thresh/distribution.h"

namespace thresh {
namespace {

constexpr int64_t kMillisecond = 1000;
constexpr int64_t kSecond = 1000 * kMillisecond;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

// None is more than five times the one before. The last is so wide that
// kMaxBuckets buckets cover 64 bits.
constexpr auto kWidths = [] {
  std::array<int64_t, 43> widths = {kMillisecond,
                                    2 * kMillisecond,
                                    10 * kMillisecond,
                                    20 * kMillisecond,
                                    100 * kMillisecond,
                                    200 * kMillisecond,
                                    kSecond,
                                    5 * kSecond,
                                    10 * kSecond,
                                    30 * kSecond,
                                    kMinute,
                                    5 * kMinute,
                                    10 * kMinute,
                                    30 * kMinute,
                                    kHour,
                                    2 * kHour,
                                    6 * kHour,
                                    12 * kHour,
                                    kDay};
  for (size_t i = 19; i < widths.size(); ++i) widths[i] = 2 * widths[i - 1];
  return widths;
}();

// For dividends that may be negative.
int64_t FloorDivide(int64_t dividend, int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

}  // namespace

int64_t TimeDistribution::width() const { return kWidths[width_]; }

int64_t TimeDistribution::StartOf(size_t i) const {
  const int64_t bucket = first_ + static_cast<int64_t>(i);
  // The start of the first bucket may be below INT64_MIN.
  if (bucket < INT64_MIN / width()) return INT64_MIN;
  return bucket * width();
}

// Widens the buckets to cover times from `min` to `max` and those they hold.
void TimeDistribution::Cover(int64_t min, int64_t max) {
  if (min >= min_ && max <= max_) return;
  min = std::min(min, min_);
  max = std::max(max, max_);
  size_t wide = width_;
  while (FloorDivide(max, kWidths[wide]) - FloorDivide(min, kWidths[wide]) >=
         static_cast<int64_t>(kMaxBuckets)) {
    ++wide;
  }
  const int64_t first = FloorDivide(min, kWidths[wide]);
  const int64_t ratio = kWidths[wide] / width();
  std::array<uint64_t, kMaxBuckets> counts = {};
  for (size_t i = 0; i < size_; ++i) {
    const int64_t bucket = FloorDivide(first_ + static_cast<int64_t>(i), ratio);
    counts[static_cast<size_t>(bucket - first)] += counts_[i];
  }
  counts_ = counts;
  size_ = static_cast<size_t>(FloorDivide(max, kWidths[wide]) - first + 1);
  width_ = wide;
  first_ = first;
  min_ = min;
  max_ = max;
}

void TimeDistribution::Add(int64_t micros, uint64_t count) {
  Cover(micros, micros);
  counts_[static_cast<size_t>(FloorDivide(micros, width()) - first_)] += count;
}

void TimeDistribution::Merge(const TimeDistribution& other) {
  if (other.empty()) return;
  // Its range is part of the whole, so its buckets are no wider.
  Cover(other.min_, other.max_);
  const int64_t ratio = width() / other.width();
  for (size_t i = 0; i < other.size_; ++i) {
    const int64_t bucket =
        FloorDivide(other.first_ + static_cast<int64_t>(i), ratio);
    counts_[static_cast<size_t>(bucket - first_)] += other.counts_[i];
  }
}

}  // namespace thresh
