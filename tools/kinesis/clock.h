// Time, and waiting for it, so that a dry run can tell in a moment how long a
// run would take, and tests need not wait.
#ifndef THRESH_TOOLS_KINESIS_CLOCK_H_
#define THRESH_TOOLS_KINESIS_CLOCK_H_

#include <algorithm>
#include <chrono>

namespace thresh::kinesis {

using Time = std::chrono::nanoseconds;  // since any moment before the run

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual Time Now() = 0;
  // Returns at that time, or earlier when the run is to end.
  virtual void SleepUntil(Time time) = 0;
  // Whether the run is to end.
  [[nodiscard]] virtual bool Interrupted() = 0;
};

// The machine's. SIGINT and SIGTERM, while one is alive, say that the run is to
// end; the second one ends the program as it would have without. One at a time.
class SystemClock : public Clock {
 public:
  SystemClock();
  ~SystemClock() override;
  [[nodiscard]] Time Now() override;
  void SleepUntil(Time time) override;
  [[nodiscard]] bool Interrupted() override;
};

// Passes when somebody sleeps, and otherwise stands. Interruptions are those of
// `real`.
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
