// The threads that a run may use.
#ifndef THRESH_PIPELINE_WORKERS_H_
#define THRESH_PIPELINE_WORKERS_H_

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>

namespace thresh {

class Workers {
 public:
  // `count` threads, the caller's among them; more than there are cores if it
  // says so.
  explicit Workers(unsigned count)
      : at_least_(
            oneapi::tbb::global_control::max_allowed_parallelism,
            std::max(count, static_cast<unsigned>(
                                oneapi::tbb::info::default_concurrency()))),
        arena_(static_cast<int>(count)) {}

  // Calls `work` on this thread; the tasks that it spawns run on all.
  template <typename Work>
  void Run(const Work& work) {
    arena_.execute(work);
  }

 private:
  // Without it oneTBB holds to the number of cores, and says so on stderr.
  oneapi::tbb::global_control at_least_;
  oneapi::tbb::task_arena arena_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WORKERS_H_
