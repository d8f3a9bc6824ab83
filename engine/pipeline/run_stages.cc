// An ordered, bounded parallel_pipeline. The calls through std::function are
// one per window and stage.
#include "pipeline/run_stages.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <algorithm>
#include <utility>

namespace thresh {
namespace {

class TaskGroup final : public Background {
 public:
  void Start(std::function<void()> task) override {
    group_.run(std::move(task));
  }
  void Wait() { group_.wait(); }

 private:
  oneapi::tbb::task_group group_;
};

}  // namespace

void RunStages(unsigned jobs, const Stages& stages) {
  namespace tbb = oneapi::tbb;
  // Without it oneTBB holds to the number of cores, and says so on stderr.
  const tbb::global_control at_least(
      tbb::global_control::max_allowed_parallelism,
      std::max(jobs, static_cast<unsigned>(tbb::info::default_concurrency())));
  TaskGroup background;
  // oneTBB passes plain values from stage to stage; ownership goes with them.
  const auto read = [&](tbb::flow_control& control) -> Window* {
    std::unique_ptr<Window> window = stages.read(&background);
    if (window == nullptr) control.stop();
    return window.release();
  };
  const auto process = [&stages](Window* window) {
    stages.process(window);
    return window;
  };
  const auto finish = [&stages](Window* window) {
    stages.finish(std::unique_ptr<Window>(window));
  };
  tbb::task_arena arena(static_cast<int>(jobs));
  arena.execute([&] {
    // One window more than threads keeps them busy while one is finished.
    tbb::parallel_pipeline(jobs + 1,
                           tbb::make_filter<void, Window*>(
                               tbb::filter_mode::serial_in_order, read) &
                               tbb::make_filter<Window*, Window*>(
                                   tbb::filter_mode::parallel, process) &
                               tbb::make_filter<Window*, void>(
                                   tbb::filter_mode::serial_in_order, finish));
    background.Wait();
  });
}

}  // namespace thresh
