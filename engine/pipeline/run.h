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
#include <stop_token>
#include <vector>

#include "filter/record_filter.h"
#include "pipeline/ordered_filter.h"
#include "pipeline/stitcher.h"
#include "pipeline/window.h"
#include "pipeline/window_processor.h"
#include "pipeline/window_reader.h"
#include "storage/input_watch.h"
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
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { pool_->Close(); }

  // Calls `consume` for each window in input order, on one thread at a time,
  // with Options::jobs threads at work, this one among them, and up to
  // `windows` windows at a time, of which one may be with the consumer. Fails
  // if `consume` fails, and for causes that end a run: memory is out, a suspect
  // under the policy kFail, a condition that cannot be evaluated,
  // Options::cancel.
  //
  // Returns early, without an error, after a call of Pause: once the windows
  // that were being worked on are with the consumer. Call it again to go on.
  Result<void> Push(unsigned windows, const Consumer& consume);

  // Makes Push return soon, so that its threads are free. Thread-safe.
  void Pause() { paused_ = true; }
  // Whether the last Push returned because of it.
  [[nodiscard]] bool paused() const { return paused_; }

  // The next window; null at the end. All is done on this thread. Fails
  // likewise, and then with the same error each time. Not to be mixed with
  // Push.
  Result<WindowPointer> Pull();

  // Makes Push end soon, without an error, even while it waits for a pipe.
  // Thread-safe.
  void Stop() { stop_.request_stop(); }

  // Appends the errors of inputs that changed since the run began. After the
  // last window.
  void CheckInputs(std::vector<Error>* errors) const {
    if (!limited()) watch_.Check(errors);
  }

  [[nodiscard]] unsigned jobs() const { return jobs_; }

  [[nodiscard]] const WindowProcessor& processor() const { return processor_; }
  [[nodiscard]] const std::shared_ptr<WindowPool>& pool() const {
    return pool_;
  }

 private:
  // Whether a limit was reached, so that not all inputs were read.
  [[nodiscard]] bool limited() const {
    return ordered_filter_.has_value() && ordered_filter_->done();
  }
  // Whether there is no point in going on.
  [[nodiscard]] bool ended() const { return done_ || stop_.stop_requested(); }
  WindowPointer Read(Background* background);
  void Join(WindowPointer window);
  void JoinRest();
  bool Advance();
  Result<void> HandOn(WindowPointer window, const Consumer& consume);
  Result<void> Finish(Window* window);
  void End();
  void Deliver(const Consumer& consume, bool in_stage);
  void RunParallel(unsigned windows, const Consumer& consume);

  const InputList& inputs_;
  const Options& options_;
  // Asked for once: the number of processors may change.
  const unsigned jobs_;
  std::stop_source stop_;
  // Options::cancel stops the run as well.
  const std::stop_callback<std::function<void()>> cancel_;
  const InputWatch watch_;
  const std::shared_ptr<WindowPool> pool_;
  WindowReader reader_;
  const WindowProcessor processor_;
  Stitcher stitcher_{processor_, pool_.get()};
  std::optional<OrderedFilter> ordered_filter_;
  std::vector<WindowPointer> joined_;  // the last output of the stitcher
  std::deque<WindowPointer> ready_;
  std::deque<WindowPointer> finished_;  // by the stages, and not joined yet
  WindowPointer rest_;                  // the next window, not processed yet
  std::optional<Error> error_;
  std::atomic<bool> done_ = false;
  std::atomic<bool> paused_ = false;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_RUN_H_
