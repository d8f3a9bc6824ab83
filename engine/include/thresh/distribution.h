// Distributions in constant memory that merge exactly: of sizes, in buckets
// that widen with the size, and of times, in buckets that widen with the range.
// Plain data, so that they can be stored in buffers.
#ifndef THRESH_DISTRIBUTION_H_
#define THRESH_DISTRIBUTION_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "thresh/export.h"

namespace thresh {

// Counts of values. Count, sum, minimum and maximum are exact. Values below 64
// have a bucket each, greater ones 32 buckets for each power of two; those from
// 2^32 on share the last.
class SizeDistribution {
 public:
  static constexpr size_t kBuckets = 896;
  // The largest relative error of Quantile, which is never too low.
  static constexpr double kQuantileError = 1.0 / 32;

  void Add(uint64_t value) {
    ++counts_[BucketOf(value)];
    ++count_;
    sum_ += value;
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
  }
  // Adds all of `values`, faster than one by one.
  template <typename T>
  void AddAll(std::span<const T> values);
  THRESH_EXPORT void Merge(const SizeDistribution& other);

  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] uint64_t sum() const { return sum_; }
  // 0 if there are no values.
  [[nodiscard]] uint64_t min() const { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] uint64_t max() const { return max_; }
  [[nodiscard]] THRESH_EXPORT double Mean() const;

  // The least value that at least a fraction `q`, 0 to 1, of the values does
  // not exceed, or up to kQuantileError more. 0 if there are none.
  [[nodiscard]] THRESH_EXPORT uint64_t Quantile(double q) const;

  // Values in bucket `i`, which holds those of FirstOf(i) to FirstOf(i + 1)
  // - 1.
  [[nodiscard]] uint64_t CountOf(size_t i) const { return counts_[i]; }
  [[nodiscard]] THRESH_EXPORT static uint64_t FirstOf(size_t i);

 private:
  static constexpr unsigned kBits = 5;  // 2^kBits buckets for a power of two

  static size_t BucketOf(uint64_t value) {
    if (value < (2U << kBits)) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kBits;
    return std::min<uint64_t>((uint64_t{shift} << kBits) + (value >> shift),
                              kBuckets - 1);
  }

  std::array<uint64_t, kBuckets> counts_ = {};
  uint64_t count_ = 0;
  uint64_t sum_ = 0;
  uint64_t min_ = UINT64_MAX;
  uint64_t max_ = 0;
};

template <typename T>
void SizeDistribution::AddAll(std::span<const T> values) {
  uint64_t sum = 0;
  uint64_t min = min_;
  uint64_t max = max_;
  // Equal values are often consecutive: they are counted at once, so that no
  // count waits for the one before.
  for (size_t begin = 0, end = 0; begin < values.size(); begin = end) {
    const uint64_t value = values[begin];
    while (end < values.size() && values[end] == value) ++end;
    counts_[BucketOf(value)] += end - begin;
    sum += (end - begin) * value;
    min = std::min(min, value);
    max = std::max(max, value);
  }
  count_ += values.size();
  sum_ += sum;
  min_ = min;
  max_ = max;
}

// Counts of events by time. All buckets have one width: the least of a fixed
// list, from a millisecond through seconds, minutes, hours and days, with which
// kMaxBuckets buckets cover all times. Buckets begin at multiples of it. So the
// result depends on what was added, not on the order.
class TimeDistribution {
 public:
  static constexpr size_t kMaxBuckets = 100;

  // Adds `count` events at a time in microseconds since 1970.
  THRESH_EXPORT void Add(int64_t micros, uint64_t count);
  THRESH_EXPORT void Merge(const TimeDistribution& other);

  [[nodiscard]] bool empty() const { return min_ > max_; }
  // Earliest and latest time. Requires a distribution that is not empty.
  [[nodiscard]] int64_t min() const { return min_; }
  [[nodiscard]] int64_t max() const { return max_; }
  // The width of a bucket in microseconds.
  [[nodiscard]] THRESH_EXPORT int64_t width() const;
  // Buckets from the one of min() to the one of max().
  [[nodiscard]] size_t size() const { return size_; }
  // The start of bucket `i`, and its count.
  [[nodiscard]] THRESH_EXPORT int64_t StartOf(size_t i) const;
  [[nodiscard]] uint64_t CountOf(size_t i) const { return counts_[i]; }

 private:
  void Cover(int64_t min, int64_t max);

  std::array<uint64_t, kMaxBuckets> counts_ = {};
  size_t size_ = 0;
  size_t width_ = 0;   // its index in the list
  int64_t first_ = 0;  // the first bucket begins at this many widths
  int64_t min_ = INT64_MAX;
  int64_t max_ = INT64_MIN;
};

}  // namespace thresh

#endif  // THRESH_DISTRIBUTION_H_
