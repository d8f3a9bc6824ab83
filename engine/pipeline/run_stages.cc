// An ordered, bounded parallel_pipeline. There are two calls through
// std::function per item and stage.
#include "pipeline/run_stages.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

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

// What a stage threw first. Thread-safe.
class FirstException {
 public:
  // `on_first` is called for the first; it must outlive this.
  explicit FirstException(const std::function<void()>& on_first)
      : on_first_(on_first) {}

  // Calls `work` unless something was thrown before, and keeps what it throws.
  // Whether it was called.
  template <typename Work>
  bool Guard(const Work& work) {
    if (is_set_) return false;
    try {
      work();
    } catch (...) {
      if (Keep(std::current_exception())) on_first_();
    }
    return true;
  }

  void Rethrow() const {
    if (thrown_ != nullptr) std::rethrow_exception(thrown_);
  }

 private:
  // Whether it is the first.
  bool Keep(std::exception_ptr thrown) {
    is_set_ = true;
    const std::scoped_lock lock(mutex_);
    if (thrown_ != nullptr) return false;
    thrown_ = std::move(thrown);
    return true;
  }

  const std::function<void()>& on_first_;
  std::atomic<bool> is_set_ = false;
  std::mutex mutex_;
  std::exception_ptr thrown_;
};

using Arena = oneapi::tbb::task_arena;

// Arenas for later runs. oneTBB 2021.8 keeps data of each arena that is
// destroyed, and traverses all of it whenever work starts or ends: with an
// arena for each run, a run after 10,000 others takes hundreds of microseconds
// more; in a reused arena it takes one or two.
class ArenaPool {
 public:
  // An arena of `jobs` threads that is not in use.
  std::unique_ptr<Arena> Take(unsigned jobs) {
    const std::scoped_lock lock(mutex_);
    std::vector<std::unique_ptr<Arena>>& idle = idle_[jobs];
    if (idle.empty()) return std::make_unique<Arena>(static_cast<int>(jobs));
    std::unique_ptr<Arena> arena = std::move(idle.back());
    idle.pop_back();
    return arena;
  }

  void GiveBack(unsigned jobs, std::unique_ptr<Arena> arena) {
    const std::scoped_lock lock(mutex_);
    idle_[jobs].push_back(std::move(arena));
  }

 private:
  std::mutex mutex_;
  std::map<unsigned, std::vector<std::unique_ptr<Arena>>> idle_;  // by threads
};

// Calls `task` in an arena of `jobs` threads.
template <typename Task>
void RunInArena(unsigned jobs, const Task& task) {
  // Never destroyed: runs may end after static destructors have begun.
  static auto& pool = *new ArenaPool;
  std::unique_ptr<Arena> arena = pool.Take(jobs);
  arena->execute(task);
  pool.GiveBack(jobs, std::move(arena));
}

// oneTBB's limit of threads is one of the process: by default, the number of
// cores. Of several controls the lowest applies, so a control can only take
// effect where the host has none. This one does not lower a limit that the host
// sets while it exists.
class MoreThreadsThanCores {
 public:
  // Raises the limit, if it is lower than `jobs` and the host has set none.
  explicit MoreThreadsThanCores(unsigned jobs) : allowed_(jobs) {
    if (Limit() >= jobs) return;
    control_.emplace(Control::max_allowed_parallelism, kMany);
    // An arena of more threads than the limit has is an occasion for oneTBB to
    // print that on stderr.
    allowed_ = static_cast<unsigned>(std::min<size_t>(jobs, Limit()));
  }

  // As many threads as the process may have, `jobs` at most.
  [[nodiscard]] unsigned allowed() const { return allowed_; }

 private:
  using Control = oneapi::tbb::global_control;

  static constexpr size_t kMany = 1024;

  static size_t Limit() {
    return Control::active_value(Control::max_allowed_parallelism);
  }

  unsigned allowed_;
  std::optional<Control> control_;
};

}  // namespace

void RunUntypedStages(unsigned jobs, unsigned items,
                      const UntypedStages& stages) {
  namespace tbb = oneapi::tbb;
  const MoreThreadsThanCores raised(jobs);
  TaskGroup background;
  FirstException failed(stages.stop);
  // oneTBB passes plain values from stage to stage; ownership goes with them.
  // It would lose the items in the stages if one threw.
  const auto read = [&](tbb::flow_control& control) -> void* {
    void* item = nullptr;
    failed.Guard([&] { item = stages.read(&background); });
    if (item == nullptr) control.stop();
    return item;
  };
  const auto process = [&](void* item) {
    failed.Guard([&] { stages.process(item); });
    return item;
  };
  const auto finish = [&](void* item) {
    if (!failed.Guard([&] { stages.finish(item); })) stages.discard(item);
  };
  RunInArena(raised.allowed(), [&] {
    tbb::parallel_pipeline(
        items,
        tbb::make_filter<void, void*>(tbb::filter_mode::serial_in_order, read) &
            tbb::make_filter<void*, void*>(tbb::filter_mode::parallel,
                                           process) &
            tbb::make_filter<void*, void>(tbb::filter_mode::serial_in_order,
                                          finish));
    background.Wait();
  });
  failed.Rethrow();
}

}  // namespace thresh
