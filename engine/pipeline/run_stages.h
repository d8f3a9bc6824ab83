// Runs the pipeline with oneTBB. Only run_stages.cc uses oneTBB.
#ifndef THRESH_PIPELINE_RUN_STAGES_H_
#define THRESH_PIPELINE_RUN_STAGES_H_

#include <functional>
#include <memory>
#include <utility>

namespace thresh {

// Work besides the stages, on any of their threads that is free.
class Background {
 public:
  // `task` is run at some time before RunStages returns.
  virtual void Start(std::function<void()> task) = 0;

 protected:
  ~Background() = default;
};

// The three stages that work on items: windows of archives, or blocks of lines.
template <typename Item>
struct Stages {
  // The next item, or null at the end. Never called concurrently. It may start
  // tasks in the background.
  std::function<std::unique_ptr<Item>(Background*)> read;
  // Called on many threads at once.
  std::function<void(Item*)> process;
  // Takes items in the order in which they were read, one at a time.
  std::function<void(std::unique_ptr<Item>)> finish;
  // Called once if a stage throws, on its thread, perhaps while others are
  // called: makes a read that waits end soon.
  std::function<void()> stop = [] {};
};

// Stages of items of any type. Each pointer owns its item.
struct UntypedStages {
  std::function<void*(Background*)> read;
  std::function<void(void*)> process;
  std::function<void(void*)> finish;   // takes the item
  std::function<void(void*)> discard;  // likewise, without working on it
  std::function<void()> stop;
};

// As RunStages.
void RunUntypedStages(unsigned jobs, unsigned items,
                      const UntypedStages& stages);

// Runs the stages on `jobs` threads, this one among them, until `read` ends.
// The others are oneTBB's, which the process shares: they may be fewer where it
// has limited them (oneapi::tbb::global_control), or has other work for them.
// At most `items` items are in the stages at a time. Throws what a stage throws
// first; items that are in the stages then are not worked on, and are
// destroyed.
template <typename Item>
void RunStages(unsigned jobs, unsigned items, const Stages<Item>& stages) {
  const auto own = [](void* item) {
    return std::unique_ptr<Item>(static_cast<Item*>(item));
  };
  RunUntypedStages(
      jobs, items,
      {.read = [&](Background* background) -> void* {
         return stages.read(background).release();
       },
       .process = [&](void* item) { stages.process(static_cast<Item*>(item)); },
       .finish = [&](void* item) { stages.finish(own(item)); },
       .discard = [&](void* item) { own(item).reset(); },
       .stop = stages.stop});
}

}  // namespace thresh

#endif  // THRESH_PIPELINE_RUN_STAGES_H_
