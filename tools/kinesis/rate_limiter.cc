// See rate_limiter.h.
#include "kinesis/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace thresh::kinesis {
namespace {

// Less than any byte: rounding may leave this much of a wait that is over.
constexpr double kSlack = 1e-3;

double Seconds(Time time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

double RateLimiter::Bucket::At(double seconds) const {
  return std::min(tokens + seconds * per_second, per_second);
}

double RateLimiter::Bucket::Wait(double cost, double seconds) const {
  const double missing = std::min(cost, per_second) - At(seconds);
  return missing <= kSlack ? 0 : missing / per_second;
}

RateLimiter::RateLimiter(size_t shards, double factor)
    : shards_(shards, {.bytes = {kShardBytesPerSecond * factor,
                                 kShardBytesPerSecond * factor},
                       .records = {kShardRecordsPerSecond * factor,
                                   kShardRecordsPerSecond * factor}}) {}

Time RateLimiter::ReadyAt(size_t shard, uint64_t bytes, Time now) const {
  const Shard& state = shards_[shard];
  const double passed = Seconds(now - state.at);
  const double wait =
      std::max(state.bytes.Wait(static_cast<double>(bytes), passed),
               state.records.Wait(1, passed));
  return now + Time(static_cast<int64_t>(std::ceil(wait * 1e9)));
}

void RateLimiter::Take(size_t shard, uint64_t bytes, Time now) {
  Shard& state = shards_[shard];
  const double passed = Seconds(now - state.at);
  state.bytes.tokens = state.bytes.At(passed) - static_cast<double>(bytes);
  state.records.tokens = state.records.At(passed) - 1;
  state.at = now;
}

}  // namespace thresh::kinesis
