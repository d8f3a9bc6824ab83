// Distributions against the sorted list of their input.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "thresh/distribution.h"

namespace thresh {
namespace {

std::vector<uint64_t> RandomSizes(uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> sizes(count);
  for (uint64_t& size : sizes) size = random() >> (32 + random() % 32);
  return sizes;
}

SizeDistribution Of(const std::vector<uint64_t>& sizes) {
  SizeDistribution distribution;
  for (const uint64_t size : sizes) distribution.Add(size);
  return distribution;
}

TEST(SizeDistribution, EveryValueIsInItsBucket) {
  for (size_t i = 0; i < SizeDistribution::kBuckets; ++i) {
    const uint64_t first = SizeDistribution::FirstOf(i);
    EXPECT_EQ(Of({first}).CountOf(i), 1U) << i;
    if (i == 0) continue;
    EXPECT_EQ(Of({first - 1}).CountOf(i - 1), 1U) << i;
  }
  EXPECT_EQ(SizeDistribution::FirstOf(SizeDistribution::kBuckets),
            uint64_t{1} << 32);
  EXPECT_EQ(Of({UINT64_MAX}).CountOf(SizeDistribution::kBuckets - 1), 1U);
}

TEST(SizeDistribution, QuantilesKeepTheirBound) {
  for (const size_t count : {1U, 2U, 3U, 10U, 1000U, 50'000U}) {
    std::vector<uint64_t> sizes = RandomSizes(count, count);
    const SizeDistribution distribution = Of(sizes);
    std::ranges::sort(sizes);
    for (const double q : {0.0, 0.01, 0.5, 0.9, 0.99, 1.0}) {
      const auto rank = static_cast<size_t>(
          std::max(1.0, std::ceil(q * static_cast<double>(count))));
      const uint64_t exact = sizes[rank - 1];
      const uint64_t told = distribution.Quantile(q);
      EXPECT_GE(told, exact) << count << " " << q;
      EXPECT_LE(static_cast<double>(told - exact),
                SizeDistribution::kQuantileError * static_cast<double>(exact))
          << count << " " << q;
    }
    EXPECT_EQ(distribution.count(), count);
    EXPECT_EQ(distribution.min(), sizes.front());
    EXPECT_EQ(distribution.max(), sizes.back());
  }
  EXPECT_EQ(SizeDistribution().Quantile(0.5), 0U);
  EXPECT_EQ(SizeDistribution().min(), 0U);
}

TEST(SizeDistribution, MergesExactly) {
  const std::vector<uint64_t> a = RandomSizes(1, 1000);
  const std::vector<uint64_t> b = RandomSizes(2, 300);
  std::vector<uint64_t> both = a;
  both.insert(both.end(), b.begin(), b.end());
  const SizeDistribution whole = Of(both);
  SizeDistribution merged = Of(b);
  merged.Merge(Of(a));
  for (size_t i = 0; i < SizeDistribution::kBuckets; ++i) {
    EXPECT_EQ(merged.CountOf(i), whole.CountOf(i)) << i;
  }
  EXPECT_EQ(merged.sum(), whole.sum());
  EXPECT_EQ(merged.min(), whole.min());
  EXPECT_EQ(merged.max(), whole.max());
  EXPECT_EQ(merged.Mean(), whole.Mean());
}

void ExpectEqual(const TimeDistribution& a, const TimeDistribution& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(a.width(), b.width());
  EXPECT_EQ(a.min(), b.min());
  EXPECT_EQ(a.max(), b.max());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a.StartOf(i), b.StartOf(i)) << i;
    EXPECT_EQ(a.CountOf(i), b.CountOf(i)) << i;
  }
}

// Times within `spread` of `around`, one count each.
std::vector<int64_t> RandomTimes(uint64_t seed, int64_t around,
                                 int64_t spread) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> times(500);
  for (int64_t& time : times) {
    time =
        around + static_cast<int64_t>(random() % static_cast<uint64_t>(spread));
  }
  return times;
}

TimeDistribution OfTimes(const std::vector<int64_t>& times) {
  TimeDistribution distribution;
  for (const int64_t time : times) distribution.Add(time, 1);
  return distribution;
}

TEST(TimeDistribution, CountsWhatLiesInEachBucket) {
  for (int64_t spread = 1; spread < int64_t{1} << 55; spread *= 7) {
    for (const int64_t around : {int64_t{1'700'000'000'000'000}, int64_t{0},
                                 -spread / 2, int64_t{-5'000'000'000}}) {
      std::vector<int64_t> times = RandomTimes(1, around, spread);
      const TimeDistribution distribution = OfTimes(times);
      const auto [min, max] = std::ranges::minmax(times);
      EXPECT_EQ(distribution.min(), min);
      EXPECT_EQ(distribution.max(), max);
      ASSERT_LE(distribution.size(), TimeDistribution::kMaxBuckets);
      EXPECT_GE(distribution.size(), max - min > 100'000 ? 20U : 1U);
      for (size_t i = 0; i < distribution.size(); ++i) {
        const int64_t start = distribution.StartOf(i);
        const auto inside = std::ranges::count_if(times, [&](int64_t time) {
          return time >= start && time < start + distribution.width();
        });
        EXPECT_EQ(distribution.CountOf(i), static_cast<uint64_t>(inside));
      }
    }
  }
}

TEST(TimeDistribution, DoesNotDependOnOrder) {
  const std::vector<int64_t> early = RandomTimes(1, 1'000'000, 50'000);
  const std::vector<int64_t> late = RandomTimes(2, 90'000'000'000, 3'000'000);
  std::vector<int64_t> all = early;
  all.insert(all.end(), late.begin(), late.end());
  const TimeDistribution whole = OfTimes(all);
  std::ranges::reverse(all);
  ExpectEqual(OfTimes(all), whole);
  TimeDistribution early_first = OfTimes(early);
  early_first.Merge(OfTimes(late));
  ExpectEqual(early_first, whole);
  TimeDistribution late_first;
  late_first.Merge(OfTimes(late));
  late_first.Merge(OfTimes(early));
  late_first.Merge({});
  ExpectEqual(late_first, whole);
}

TEST(TimeDistribution, TakesTheEndsOfTime) {
  TimeDistribution distribution;
  EXPECT_TRUE(distribution.empty());
  distribution.Add(INT64_MAX, 2);
  distribution.Add(INT64_MIN, 3);
  ASSERT_LE(distribution.size(), TimeDistribution::kMaxBuckets);
  EXPECT_EQ(distribution.CountOf(0), 3U);
  EXPECT_EQ(distribution.CountOf(distribution.size() - 1), 2U);
  EXPECT_EQ(distribution.StartOf(0), INT64_MIN);
}

}  // namespace
}  // namespace thresh
