// Tests that no shard gets more than its rate, and none gets less than it may
// have.
#include "kinesis/rate_limiter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <utility>
#include <vector>

#include "kinesis/backoff.h"

namespace thresh::kinesis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr uint64_t kMiB = 1 << 20;
constexpr Time kBegin = seconds(5);

TEST(RateLimiter, StartsWithASecondsWorth) {
  RateLimiter limiter(1, 1);
  EXPECT_LE(limiter.ReadyAt(0, kMiB, kBegin), kBegin);
  limiter.Take(0, kMiB, kBegin);
  EXPECT_EQ(limiter.ReadyAt(0, kMiB, kBegin), kBegin + seconds(1));
  EXPECT_EQ(limiter.ReadyAt(0, kMiB / 2, kBegin), kBegin + milliseconds(500));
}

TEST(RateLimiter, CountsRecordsToo) {
  RateLimiter limiter(1, 1);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_LE(limiter.ReadyAt(0, 1, kBegin), kBegin) << i;
    limiter.Take(0, 1, kBegin);
  }
  EXPECT_EQ(limiter.ReadyAt(0, 1, kBegin), kBegin + milliseconds(1));
}

TEST(RateLimiter, KeepsShardsApart) {
  RateLimiter limiter(2, 1);
  limiter.Take(0, kMiB, kBegin);
  EXPECT_GT(limiter.ReadyAt(0, 1000, kBegin), kBegin);
  EXPECT_LE(limiter.ReadyAt(1, kMiB, kBegin), kBegin);
}

TEST(RateLimiter, SavesNoMoreThanASecond) {
  RateLimiter limiter(1, 1);
  limiter.Take(0, kMiB, kBegin);
  const Time later = kBegin + seconds(100);
  limiter.Take(0, kMiB, later);
  EXPECT_EQ(limiter.ReadyAt(0, kMiB, later), later + seconds(1));
}

TEST(RateLimiter, AFactorLowersBothRates) {
  RateLimiter limiter(1, 0.25);
  limiter.Take(0, kMiB / 4, kBegin);
  EXPECT_EQ(limiter.ReadyAt(0, kMiB / 4, kBegin), kBegin + seconds(1));
  RateLimiter records(1, 0.25);
  for (int i = 0; i < 250; ++i) records.Take(0, 1, kBegin);
  EXPECT_EQ(records.ReadyAt(0, 1, kBegin), kBegin + milliseconds(4));
}

// A record of 10 MiB is sent when the bucket is full, and the bucket then needs
// another nine seconds.
TEST(RateLimiter, ALargeRecordLeavesADebt) {
  RateLimiter limiter(1, 1);
  limiter.Take(0, 1, kBegin);
  const Time full = limiter.ReadyAt(0, 10 * kMiB, kBegin);
  EXPECT_GT(full, kBegin);
  EXPECT_LT(full, kBegin + milliseconds(2));
  limiter.Take(0, 10 * kMiB, full);
  const Time next = limiter.ReadyAt(0, kMiB, full);
  EXPECT_EQ(next, full + seconds(10));
  // The returned time must be sufficient, regardless of rounding.
  EXPECT_LE(limiter.ReadyAt(0, kMiB, next), next);
}

// A sender that sends as soon as allowed keeps to the rate in every period,
// plus one second's worth, and uses it fully.
TEST(RateLimiter, NoStretchHasMoreThanTheRateAndOneSecond) {
  std::mt19937 random(7);
  RateLimiter limiter(1, 1);
  std::vector<std::pair<double, uint64_t>> sent;
  Time now = kBegin;
  uint64_t total = 0;
  for (int i = 0; i < 2000; ++i) {
    const uint64_t bytes = random() % (kMiB / 8) + 1;
    now = std::max(now, limiter.ReadyAt(0, bytes, now));
    ASSERT_LE(limiter.ReadyAt(0, bytes, now), now);
    limiter.Take(0, bytes, now);
    sent.emplace_back(std::chrono::duration<double>(now).count(), bytes);
    total += bytes;
  }
  for (size_t first = 0; first < sent.size(); first += 37) {
    uint64_t bytes = 0;
    for (size_t i = first; i < sent.size(); ++i) {
      bytes += sent[i].second;
      const double stretch = sent[i].first - sent[first].first;
      ASSERT_LE(static_cast<double>(bytes), (stretch + 1) * kMiB + 1);
    }
  }
  const double took = std::chrono::duration<double>(now - kBegin).count();
  EXPECT_NEAR(took, static_cast<double>(total) / kMiB - 1, 0.001);
}

TEST(Backoff, DoublesUpToABoundWithJitter) {
  Backoff backoff(1);
  Time most = Backoff::kFirst;
  bool differs = false;
  for (uint64_t failures = 1; failures < 100; ++failures) {
    const Time delay = backoff.Delay(failures);
    EXPECT_GE(delay, most / 2) << failures;
    EXPECT_LE(delay, most) << failures;
    differs = differs || delay != backoff.Delay(failures);
    most = std::min(2 * most, Backoff::kMaxDelay);
  }
  EXPECT_TRUE(differs);
  EXPECT_LE(backoff.Delay(UINT64_MAX), Backoff::kMaxDelay);
}

}  // namespace
}  // namespace thresh::kinesis
