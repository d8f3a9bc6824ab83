// One pass over inputs: windows are read, processed, joined and filtered, and
// delivered in input order. They are pushed (Deaggregate) or pulled
// (BatchReader).
#ifndef THRESH_PIPELINE_RUN_H_
#define THRESH_PIPELINE_RUN_H_

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "filter/record_filter.h"
#include "pipeline/ordered_filter.h"
#include "pipeline/stitcher.h"
#include "pipeline/window.h"
#include "pipeline/window_processor.h"
#include "pipeline/window_reader.h"
#include "thresh/bytes.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/sink.h"

namespace thresh {

class Run {
 public:
  using WindowPointer = std::unique_ptr<Window>;
  // Receives a window, which must be returned to the pool once it is not
  // needed.
  using Consumer = std::function<Result<void>(WindowPointer)>;

  // `filter` is that of the options. Workers encode for the sinks, which may be
  // null, unless IsOrdered(options.filter). With `archive`, it is read in place
  // of the only file. The references must outlive the run; the pool outlives
  // windows that were not returned.
  Run(const InputList& inputs, const Options& options, RecordFilter filter,
      const Sink* sink, const Sink* quarantine,
      std::optional<Bytes> archive = std::nullopt);

  // Calls `consume` for each window in input order, on one thread at a time,
  // with Options::jobs threads at work, this one among them, and up to
  // `windows` windows at a time, of which one may be with the consumer. Fails
  // if `consume` fails, and for causes that end a run: memory is out, a suspect
  // under the policy kFail, a condition that cannot be evaluated,
  // Options::cancel.
  Result<void> Push(unsigned windows, const Consumer& consume);

  // The next window; null at the end. All work is done on this thread. Fails
  // likewise. Must not be mixed with Push.
  Result<WindowPointer> Pull();

  // Makes Push end soon, without an error. Thread-safe.
  void Stop() { done_ = true; }

  [[nodiscard]] const WindowProcessor& processor() const { return processor_; }
  [[nodiscard]] const std::shared_ptr<WindowPool>& pool() const {
    return pool_;
  }
  // Whether a limit was reached, so that not all inputs were read.
  [[nodiscard]] bool limited() const {
    return ordered_filter_.has_value() && ordered_filter_->done();
  }

 private:
  WindowPointer Read(Background* background);
  void Join(WindowPointer window);
  void JoinRest();
  bool Advance();
  Result<void> HandOn(WindowPointer window, const Consumer& consume);
  Result<void> Finish(Window* window);
  void Drain(const Consumer& consume);
  void RunParallel(unsigned windows, const Consumer& consume);

  const InputList& inputs_;
  const Options& options_;
  const std::shared_ptr<WindowPool> pool_ = std::make_shared<WindowPool>();
  WindowReader reader_;
  const WindowProcessor processor_;
  Stitcher stitcher_{processor_, pool_.get()};
  std::optional<OrderedFilter> ordered_filter_;
  std::vector<WindowPointer> joined_;  // the last output of the stitcher
  std::deque<WindowPointer> ready_;
  WindowPointer rest_;  // the next window, not processed yet
  std::optional<Error> error_;
  // Reading can stop.
  std::atomic<bool> done_ = false;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_RUN_H_
