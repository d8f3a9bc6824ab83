// Runs the pipeline with oneTBB. Only this file uses oneTBB.
#ifndef THRESH_PIPELINE_RUN_STAGES_H_
#define THRESH_PIPELINE_RUN_STAGES_H_

#include <functional>
#include <memory>

#include "pipeline/window.h"

namespace thresh {

// Work besides the stages, on any of their threads that is free.
class Background {
 public:
  // `task` is run at some time before RunStages returns.
  virtual void Start(std::function<void()> task) = 0;

 protected:
  ~Background() = default;
};

struct Stages {
  // The next window, or null at the end. Never called concurrently. It may
  // start tasks in the background.
  std::function<std::unique_ptr<Window>(Background*)> read;
  // Called on many threads at once.
  std::function<void(Window*)> process;
  // Takes windows in the order in which they were read, one at a time.
  std::function<void(std::unique_ptr<Window>)> finish;
};

// Runs the stages on `jobs` threads, this one among them, until `read` ends.
// At most `windows` windows are in the stages at a time. Throws what a stage
// throws first; windows that are in the stages then are not worked on, and are
// destroyed.
void RunStages(unsigned jobs, unsigned windows, const Stages& stages);

}  // namespace thresh

#endif  // THRESH_PIPELINE_RUN_STAGES_H_
