// Signals, while a run waits and while it does not.
#include "kinesis/clock.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace thresh::kinesis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The effect of a signal that is not caught, here.
volatile std::sig_atomic_t arrived = 0;
void NoteArrived(int /*signal*/) { arrived = arrived + 1; }

class SystemClockTest : public testing::Test {
 protected:
  SystemClockTest() {
    arrived = 0;
    std::signal(SIGINT, NoteArrived);
    std::signal(SIGTERM, NoteArrived);
  }
  ~SystemClockTest() override {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
};

TEST_F(SystemClockTest, SleepsUntilItIsTime) {
  SystemClock clock;
  const Time begin = clock.Now();
  clock.SleepUntil(begin + milliseconds(150));
  EXPECT_GE(clock.Now() - begin, milliseconds(150));
  clock.SleepUntil(begin);  // in the past
  EXPECT_FALSE(clock.Interrupted());
}

TEST_F(SystemClockTest, SignalsEndTheRun) {
  for (const int signal : {SIGINT, SIGTERM}) {
    SystemClock clock;
    EXPECT_FALSE(clock.Interrupted());
    std::raise(signal);
    EXPECT_TRUE(clock.Interrupted());
    const Time begin = clock.Now();
    clock.SleepUntil(begin + seconds(60));
    clock.SleepUntil(Time::max());
    EXPECT_LT(clock.Now() - begin, seconds(30));
  }
  EXPECT_EQ(arrived, 0);
  std::raise(SIGINT);
  EXPECT_EQ(arrived, 1) << "all is as it was before";
}

// The kernel delivers a signal for the process to any thread.
TEST_F(SystemClockTest, ASignalToAnotherThreadWakesTheSleeper) {
  SystemClock clock;
  std::thread other([] {
    std::this_thread::sleep_for(milliseconds(50));
    pthread_kill(pthread_self(), SIGINT);
  });
  const Time begin = clock.Now();
  clock.SleepUntil(begin + seconds(60));
  EXPECT_LT(clock.Now() - begin, seconds(30));
  other.join();
}

// This is how a shell starts background programs.
TEST_F(SystemClockTest, AnIgnoredSignalStaysIgnored) {
  std::signal(SIGINT, SIG_IGN);
  SystemClock clock;
  std::raise(SIGINT);
  EXPECT_FALSE(clock.Interrupted());
  std::raise(SIGTERM);
  EXPECT_TRUE(clock.Interrupted());
}

}  // namespace
}  // namespace thresh::kinesis
