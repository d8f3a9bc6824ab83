// The pipeline as oneTBB runs it.
#ifndef THRESH_PIPELINE_RUN_STAGES_H_
#define THRESH_PIPELINE_RUN_STAGES_H_

#include <functional>
#include <memory>

#include "pipeline/window.h"

namespace thresh {

struct Stages {
  // The next window, or null at the end. Never called twice at a time.
  std::function<std::unique_ptr<Window>()> read;
  // Called on many threads at once.
  std::function<void(Window*)> process;
  // Takes windows in the order in which they were read, one at a time.
  std::function<void(std::unique_ptr<Window>)> finish;
};

// Runs the stages on `jobs` threads, this one among them, until `read` ends.
// At most jobs + 1 windows are under way at a time.
void RunStages(unsigned jobs, const Stages& stages);

}  // namespace thresh

#endif  // THRESH_PIPELINE_RUN_STAGES_H_
