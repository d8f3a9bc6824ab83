// Time and waiting, replaceable so that a dry run can compute at once how long
// a run would take, and tests need not wait.
#ifndef THRESH_TOOLS_KINESIS_CLOCK_H_
#define THRESH_TOOLS_KINESIS_CLOCK_H_

#include <algorithm>
#include <chrono>

namespace thresh::kinesis {

using Time = std::chrono::nanoseconds;  // since some time before the run

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual Time Now() = 0;
  // Returns at `time`, or earlier if the run was interrupted.
  virtual void SleepUntil(Time time) = 0;
  // Whether the run was interrupted.
  [[nodiscard]] virtual bool Interrupted() = 0;
};

// The system clock. While an instance exists, SIGINT and SIGTERM interrupt the
// run; the second signal terminates the program as it would without the clock.
// At most one instance may exist at a time.
class SystemClock : public Clock {
 public:
  SystemClock();
  ~SystemClock() override;
  [[nodiscard]] Time Now() override;
  void SleepUntil(Time time) override;
  [[nodiscard]] bool Interrupted() override;
};

// Advances only in SleepUntil. Interruptions are those of `real`.
class VirtualClock : public Clock {
 public:
  explicit VirtualClock(Clock* real) : real_(real) {}
  [[nodiscard]] Time Now() override { return now_; }
  void SleepUntil(Time time) override { now_ = std::max(now_, time); }
  [[nodiscard]] bool Interrupted() override { return real_->Interrupted(); }

 private:
  Clock* real_;
  Time now_{0};
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CLOCK_H_
