// One pass over inputs: windows are read, processed, joined and filtered, and
// handed on in input order. Whoever wants them has them pushed (Deaggregate) or
// pulls them (BatchReader).
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
  // Takes a window; to be given back to the pool once it is not needed.
  using Consumer = std::function<Result<void>(WindowPointer)>;

  // `filter` is that of the options. Workers encode for the sinks, which may be
  // null, unless IsOrdered(options.filter). With `archive`, that is read in
  // place of the only file. The references must outlive the run; the pool
  // outlives windows that were not given back.
  Run(const InputList& inputs, const Options& options, RecordFilter filter,
      const Sink* sink, const Sink* quarantine,
      std::optional<Bytes> archive = std::nullopt);

  // Calls `consume` for each window in input order, on one thread at a time,
  // with Options::jobs threads at work, this one among them, and up to
  // `windows` windows at a time, of which one may be with the consumer. Fails
  // as `consume` does, and for what ends a run: no memory, a suspect where the
  // policy is kFail, a condition that cannot be judged, Options::cancel.
  Result<void> Push(unsigned windows, const Consumer& consume);

  // The next window; null at the end. All is done on this thread. Fails
  // likewise. Not to be mixed with Push.
  Result<WindowPointer> Pull();

  // Has Push end soon, without an error. Thread-safe.
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
  std::vector<WindowPointer> joined_;  // what the stitcher gave last
  std::deque<WindowPointer> ready_;
  WindowPointer rest_;  // comes next, and is not processed yet
  std::optional<Error> error_;
  // There is no point in reading on.
  std::atomic<bool> done_ = false;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_RUN_H_
