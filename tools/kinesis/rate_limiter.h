// The rates that Kinesis allows each shard, kept from our side: what is sent
// faster is refused, and costs a second request.
#ifndef THRESH_TOOLS_KINESIS_RATE_LIMITER_H_
#define THRESH_TOOLS_KINESIS_RATE_LIMITER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kinesis/clock.h"

namespace thresh::kinesis {

inline constexpr double kShardBytesPerSecond = 1 << 20;
inline constexpr double kShardRecordsPerSecond = 1000;

// For each shard two token buckets, of bytes and of records, which hold what
// comes in one second and are full at first. So what is sent in any stretch of
// time is no more than the rate allows for it and one second. A record larger
// than a bucket goes when the bucket is full, and leaves a debt.
class RateLimiter {
 public:
  // `factor` is 0.001 to 1 and multiplies both rates.
  RateLimiter(size_t shards, double factor);

  // When a record of so many bytes may go to `shard`, if nothing else goes
  // there before; `now` or earlier if it may go now.
  [[nodiscard]] Time ReadyAt(size_t shard, uint64_t bytes, Time now) const;

  // Notes that such a record goes now. Time must not run backwards.
  void Take(size_t shard, uint64_t bytes, Time now);

 private:
  struct Bucket {
    double tokens;
    double per_second;  // and what it holds
    [[nodiscard]] double At(double seconds) const;
    // Seconds until `cost` may be taken.
    [[nodiscard]] double Wait(double cost, double seconds) const;
  };
  struct Shard {
    Bucket bytes;
    Bucket records;
    Time at{0};  // when the buckets held what they say
  };
  std::vector<Shard> shards_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_RATE_LIMITER_H_
