// The delay before a retry: longer each time, with jitter.
#ifndef THRESH_TOOLS_KINESIS_BACKOFF_H_
#define THRESH_TOOLS_KINESIS_BACKOFF_H_

#include <algorithm>
#include <cstdint>
#include <random>

#include "kinesis/clock.h"

namespace thresh::kinesis {

class Backoff {
 public:
  static constexpr Time kFirst = std::chrono::milliseconds(100);
  static constexpr Time kMaxDelay = std::chrono::seconds(20);

  explicit Backoff(uint64_t seed) : random_(seed) {}

  // The delay after `failures` failures in a row, at least 1: between half and
  // all of min(kMaxDelay, kFirst * 2^(failures - 1)).
  [[nodiscard]] Time Delay(uint64_t failures) {
    constexpr uint64_t kMaxDoublings = 16;
    const auto doublings =
        static_cast<int>(std::min(failures - 1, kMaxDoublings));
    const Time most = std::min(kMaxDelay, kFirst * (int64_t{1} << doublings));
    return Time(std::uniform_int_distribution<int64_t>(most.count() / 2,
                                                       most.count())(random_));
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_BACKOFF_H_
