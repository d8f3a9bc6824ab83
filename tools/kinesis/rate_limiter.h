// Enforces on our side the rates that Kinesis allows for each shard: records
// sent faster are refused and cost a second request.
#ifndef THRESH_TOOLS_KINESIS_RATE_LIMITER_H_
#define THRESH_TOOLS_KINESIS_RATE_LIMITER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kinesis/clock.h"

namespace thresh::kinesis {

inline constexpr double kShardBytesPerSecond = 1 << 20;
inline constexpr double kShardRecordsPerSecond = 1000;

// Two token buckets for each shard, of bytes and of records, with a capacity of
// one second of the rate; they are full at first. So in any period no more is
// sent than the rate allows for that period plus one second. A record larger
// than a bucket is sent when the bucket is full, and leaves a negative balance.
class RateLimiter {
 public:
  // `factor` is in [0.001, 1] and multiplies both rates.
  RateLimiter(size_t shards, double factor);

  // The time when a record of `bytes` may be sent to `shard` if nothing else is
  // sent there before; `now` or earlier if it may be sent now.
  [[nodiscard]] Time ReadyAt(size_t shard, uint64_t bytes, Time now) const;

  // Records that such a record is sent now. Time must not decrease.
  void Take(size_t shard, uint64_t bytes, Time now);

 private:
  struct Bucket {
    double tokens;
    double per_second;  // also the capacity
    [[nodiscard]] double At(double seconds) const;
    // Seconds until `cost` may be taken.
    [[nodiscard]] double Wait(double cost, double seconds) const;
  };
  struct Shard {
    Bucket bytes;
    Bucket records;
    Time at{0};  // the time of the buckets' balances
  };
  std::vector<Shard> shards_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_RATE_LIMITER_H_
