// Whether ThreadSanitizer sees the order that oneTBB guarantees
// (ordered_body.h): it must not report this program, and must report the race
// that an argument enables in the pipeline's parallel body.
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

namespace {

namespace tbb = oneapi::tbb;

constexpr int kThreads = 4;
constexpr int kTokens = 40;

int unprotected = 0;

// Long enough for bodies to run concurrently.
void Work(bool race) {
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (race) ++unprotected;
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

// Each token is written by all three stages; the last one also sums.
int SumByPipeline(bool race) {
  std::vector<int> tokens;
  tokens.reserve(kTokens);
  int sum = 0;
  const auto make = [&](tbb::flow_control& control) -> int* {
    if (tokens.size() == kTokens) {
      control.stop();
      return nullptr;
    }
    return &tokens.emplace_back(1);
  };
  const auto work = [&](int* token) {
    *token += 1;
    Work(race);
    return token;
  };
  const auto take = [&](int* token) { sum += ++*token; };
  using Mode = tbb::filter_mode;
  tbb::parallel_pipeline(
      kThreads + 1,
      tbb::make_filter<void, int*>(Mode::serial_in_order, make) &
          tbb::make_filter<int*, int*>(Mode::parallel, work) &
          tbb::make_filter<int*, void>(Mode::serial_in_order, take));
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const bool race = argc > 1 && std::strcmp(argv[1], "race") == 0;
  tbb::task_arena arena(kThreads);
  int sum = 0;
  arena.execute([&] { sum = SumByPipeline(race); });
  std::printf("%d, %d\n", sum, unprotected);
  return sum == 3 * kTokens ? 0 : 1;
}
