// How long to wait before another attempt: longer each time, and not for
// everybody the same.
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
  static constexpr Time kMost = std::chrono::seconds(20);

  explicit Backoff(uint64_t seed) : random_(seed) {}

  // After so many failures in a row, at least 1: between half and all of kFirst
  // times 2 to the power of one less, and of kMost from where this is more.
  [[nodiscard]] Time Delay(uint64_t failures) {
    constexpr uint64_t kMostDoublings = 16;
    const auto doublings =
        static_cast<int>(std::min(failures - 1, kMostDoublings));
    const Time most = std::min(kMost, kFirst * (int64_t{1} << doublings));
    return Time(std::uniform_int_distribution<int64_t>(most.count() / 2,
                                                       most.count())(random_));
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_BACKOFF_H_
