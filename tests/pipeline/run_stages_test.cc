#include "pipeline/run_stages.h"
#include "pipeline/window.h"

#include <gtest/gtest.h>
#include <oneapi/tbb/global_control.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "sanitized.h"

namespace thresh {
namespace {

constexpr unsigned kStageThreads = 3;

// Runs stages over `windows` empty windows; returns how many were finished.
int FinishedOf(int windows) {
  std::atomic<int> processed = 0;
  int finished = 0;
  RunStages<Window>(
      kStageThreads, kStageThreads + 1,
      {.read =
           [&](Background* /*background*/) {
             return windows-- > 0 ? std::make_unique<Window>() : nullptr;
           },
       .process = [&](Window* /*window*/) { ++processed; },
       .finish = [&](std::unique_ptr<Window> /*window*/) { ++finished; }});
  EXPECT_EQ(processed, finished);
  return finished;
}

// The minimum time of 20 rounds of 50 runs each: noise only adds to it.
std::chrono::nanoseconds TimeOfRuns() {
  auto least = std::chrono::nanoseconds::max();
  for (int round = 0; round < 20; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int run = 0; run < 50; ++run) EXPECT_EQ(FinishedOf(2), 2);
    least = std::min<std::chrono::nanoseconds>(
        least, std::chrono::steady_clock::now() - begin);
  }
  return least;
}

// With an arena created for each run, the last ones take ten times as long.
TEST(RunStagesTest, LaterRunsOfAProcessTakeAsLongAsTheFirst) {
  const auto first = TimeOfRuns();
  for (size_t run = 0; run < RoundsOf(5000); ++run) FinishedOf(1);
  EXPECT_LT(TimeOfRuns(), 5 * first);
}

// Windows that are in the stages then are not lost: under AddressSanitizer that
// would be a leak.
TEST(RunStagesTest, WhatAStageThrowsEndsTheRun) {
  for (const int stage : {0, 1, 2}) {
    std::atomic<int> read = 0;
    const auto throw_in = [&](int of) {
      if (of == stage && read > 5) throw std::bad_alloc();
    };
    EXPECT_THROW(
        RunStages<Window>(
            kStageThreads, kStageThreads + 1,
            {.read =
                 [&](Background* /*background*/) {
                   ++read;
                   throw_in(0);
                   return read < 1000 ? std::make_unique<Window>() : nullptr;
                 },
             .process = [&](Window* /*window*/) { throw_in(1); },
             .finish =
                 [&](std::unique_ptr<Window> /*window*/) { throw_in(2); }}),
        std::bad_alloc);
    EXPECT_LT(read, 1000);
  }
  EXPECT_EQ(FinishedOf(10), 10);
}

TEST(RunStagesTest, WhatAStageThrowsEndsAReadThatWaits) {
  for (const int stage : {1, 2}) {
    std::promise<void> stopped;
    const std::shared_future<void> is_stopped = stopped.get_future().share();
    bool first = true;
    const auto throw_in = [stage](int of) {
      if (of == stage) throw std::bad_alloc();
    };
    EXPECT_THROW(
        RunStages<Window>(
            kStageThreads, kStageThreads + 1,
            {.read =
                 [&](Background* /*background*/) {
                   if (std::exchange(first, false)) {
                     return std::make_unique<Window>();
                   }
                   EXPECT_EQ(is_stopped.wait_for(std::chrono::seconds(20)),
                             std::future_status::ready);
                   return std::unique_ptr<Window>();
                 },
             .process = [&](Window* /*window*/) { throw_in(1); },
             .finish = [&](std::unique_ptr<Window> /*window*/) { throw_in(2); },
             .stop = [&] { stopped.set_value(); }}),
        std::bad_alloc);
  }
}

TEST(RunStagesTest, RunsAtOnceDoNotWaitForEachOther) {
  std::atomic<int> inside = 0;
  const auto meet = [&] {
    bool first = true;
    RunStages<Window>(1, 2,
                      {.read =
                           [&](Background* /*background*/) {
                             return std::exchange(first, false)
                                        ? std::make_unique<Window>()
                                        : nullptr;
                           },
                       .process =
                           [&](Window* /*window*/) {
                             ++inside;
                             while (inside < 3) std::this_thread::yield();
                           },
                       .finish = [](std::unique_ptr<Window> /*window*/) {}});
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(meet);
  threads.clear();
  EXPECT_EQ(inside, 3);
}

// How many threads are in the middle stage at the same time, at the most.
unsigned ThreadsAtOnce(unsigned jobs) {
  std::mutex mutex;
  std::condition_variable changed;
  unsigned inside = 0;
  unsigned most = 0;
  unsigned left = 2 * jobs;
  RunStages<Window>(
      jobs, jobs + 1,
      {.read =
           [&](Background* /*background*/) {
             return left-- > 0 ? std::make_unique<Window>() : nullptr;
           },
       .process =
           [&](Window* /*window*/) {
             std::unique_lock lock(mutex);
             most = std::max(most, ++inside);
             changed.notify_all();
             changed.wait_for(lock, std::chrono::milliseconds(300),
                              [&] { return most >= jobs; });
             --inside;
           },
       .finish = [](std::unique_ptr<Window> /*window*/) {}});
  return most;
}

using TbbControl = oneapi::tbb::global_control;

size_t TbbLimit() {
  return TbbControl::active_value(TbbControl::max_allowed_parallelism);
}

TEST(RunStagesTest, HasAsManyThreadsAsJobs) {
  const auto cores = static_cast<unsigned>(TbbLimit());
  for (const unsigned jobs : {1U, 2U, cores, cores + 1, 3 * cores}) {
    EXPECT_EQ(ThreadsAtOnce(jobs), jobs);
  }
  EXPECT_EQ(TbbLimit(), cores);
}

// What a host asks of oneTBB holds for runs, and runs do not lower it.
TEST(RunStagesTest, TheLimitOfAProcessIsItsOwn) {
  const size_t cores = TbbLimit();
  {
    const TbbControl one(TbbControl::max_allowed_parallelism, 1);
    EXPECT_EQ(ThreadsAtOnce(3), 1U);
  }
  // Both in a run, before and after the host sets a limit of its own.
  const auto limits_in_run = [](unsigned jobs) {
    std::pair<size_t, size_t> limits;
    bool first = true;
    RunStages<Window>(
        jobs, jobs,
        {.read =
             [&](Background* /*background*/) {
               return std::exchange(first, false) ? std::make_unique<Window>()
                                                  : nullptr;
             },
         .process = [&](Window* /*window*/) { limits.first = TbbLimit(); },
         .finish =
             [&](std::unique_ptr<Window> /*window*/) {
               const TbbControl many(TbbControl::max_allowed_parallelism, 200);
               limits.second = TbbLimit();
             }});
    return limits;
  };
  const auto jobs = static_cast<unsigned>(cores);
  EXPECT_EQ(limits_in_run(jobs), std::pair(cores, size_t{200}));
  EXPECT_GE(limits_in_run(jobs + 1).first, cores + 1);
  EXPECT_EQ(limits_in_run(jobs + 1).second, 200U);
  EXPECT_EQ(TbbLimit(), cores);
}

}  // namespace
}  // namespace thresh
