#include "pipeline/run_stages.h"
#include "pipeline/window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
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

}  // namespace
}  // namespace thresh
