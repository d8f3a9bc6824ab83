// See run.h.
#include "pipeline/run.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "pipeline/check_options.h"
#include "pipeline/run_stages.h"
#include "pipeline/window_errors.h"

namespace thresh {
namespace {

const Sink* EncoderOf(const Sink* sink, const Options& options) {
  return IsOrdered(options.filter) ? nullptr : sink;
}

// Beside those that the stages hold: in the queue of a pulled run, with its
// caller, and one between the two.
constexpr size_t kIdleWindows = 4;

}  // namespace

Run::Run(const InputList& inputs, const Options& options, RecordFilter filter,
         const Sink* sink, const Sink* quarantine, std::optional<Bytes> archive)
    : inputs_(inputs),
      options_(options),
      jobs_(JobsOf(options)),
      cancel_(options.cancel, [this] { stop_.request_stop(); }),
      watch_(archive.has_value() ? std::vector<std::string>() : inputs.Files()),
      pool_(std::make_shared<WindowPool>(jobs_ + kIdleWindows)),
      reader_(inputs, options, jobs_, archive, stop_.get_token()),
      processor_(inputs, options, std::move(filter), EncoderOf(sink, options),
                 EncoderOf(quarantine, options)) {
  if (IsOrdered(options.filter)) ordered_filter_.emplace(processor_);
  done_ = limited();
}

Run::WindowPointer Run::Read(Background* background) {
  WindowPointer window;
  if (paused_ && !ended()) return nullptr;
  if (!ended()) {
    window = pool_->Take();
    if (!reader_.Next(window.get(), background)) window.reset();
  }
  if (window == nullptr) reader_.Stop();
  return window;
}

void Run::Join(WindowPointer window) {
  rest_ = stitcher_.Take(std::move(window), &joined_);
  std::ranges::move(joined_, std::back_inserter(ready_));
  joined_.clear();
}

void Run::JoinRest() {
  rest_ = stitcher_.ProcessAndTake(std::move(rest_), &joined_);
  std::ranges::move(joined_, std::back_inserter(ready_));
  joined_.clear();
}

// Advances by one window, on this thread. False at the end of the inputs.
bool Run::Advance() {
  if (rest_ != nullptr) {
    JoinRest();
    return true;
  }
  WindowPointer window = Read(/*background=*/nullptr);
  if (window == nullptr) return false;
  processor_.Process(window.get());
  Join(std::move(window));
  return true;
}

// The part that depends on earlier windows.
Result<void> Run::Finish(Window* window) {
  if (window->out_of_memory) throw std::bad_alloc();
  if (ordered_filter_.has_value()) {
    Result<void> applied = ordered_filter_->Apply(window);
    if (!applied) return applied;
    if (ordered_filter_->done()) End();
  }
  if (options_.on_suspect == SuspectPolicy::kFail) {
    std::optional<Error> suspect = FirstSuspect(*window, inputs_);
    if (suspect.has_value()) return tl::unexpected(*std::move(suspect));
  }
  return {};
}

Result<void> Run::HandOn(WindowPointer window, const Consumer& consume) {
  const InputPlace place = PlaceOf(*window);
  try {
    const Result<void> finished = Finish(window.get());
    return finished ? consume(std::move(window)) : finished;
  } catch (const std::bad_alloc&) {
    return tl::unexpected(NoMemoryLeft(place, inputs_));
  }
}

// A read that waits for a pipe ends as well.
void Run::End() {
  done_ = true;
  stop_.request_stop();
}

// Joins and hands on what the stages have finished. In a stage only until the
// consumer pauses: there, nothing may wait for it.
void Run::Deliver(const Consumer& consume, bool in_stage) {
  while (!ended() && !(in_stage && paused_)) {
    if (!ready_.empty()) {
      WindowPointer window = std::move(ready_.front());
      ready_.pop_front();
      if (Result<void> result = HandOn(std::move(window), consume); !result) {
        error_ = std::move(result.error());
        End();
      }
    } else if (rest_ != nullptr) {
      JoinRest();
    } else if (!finished_.empty()) {
      WindowPointer window = std::move(finished_.front());
      finished_.pop_front();
      Join(std::move(window));
    } else {
      return;
    }
  }
}

void Run::RunParallel(unsigned windows, const Consumer& consume) {
  RunStages<Window>(
      jobs_, windows,
      {.read = [this](Background* background) { return Read(background); },
       .process = [this](Window* window) { processor_.Process(window); },
       .finish =
           [&](WindowPointer window) {
             if (ended()) return;
             finished_.push_back(std::move(window));
             Deliver(consume, /*in_stage=*/true);
           },
       .stop = [this] { End(); }});
}

Result<void> Run::Push(unsigned windows, const Consumer& consume) {
  paused_ = false;
  try {
    if (jobs_ > 1) {
      // What a pause has left.
      Deliver(consume, /*in_stage=*/false);
      if (!paused_) RunParallel(windows, consume);
    } else {
      while (!ended() && Advance()) Deliver(consume, /*in_stage=*/false);
    }
  } catch (const std::bad_alloc& thrown) {
    return tl::unexpected(NoMemoryLeft(thrown, inputs_));
  }
  if (error_.has_value()) return tl::unexpected(*std::move(error_));
  if (options_.cancel.stop_requested()) return tl::unexpected(Cancelled());
  return {};
}

Result<Run::WindowPointer> Run::Pull() {
  const auto fail = [this](Error error) {
    done_ = true;
    ready_.clear();
    error_ = std::move(error);
    return tl::unexpected(*error_);
  };
  if (error_.has_value()) return tl::unexpected(*error_);
  try {
    while (ready_.empty() && !ended() && Advance()) {
    }
  } catch (const std::bad_alloc& thrown) {
    return fail(NoMemoryLeft(thrown, inputs_));
  }
  if (options_.cancel.stop_requested()) return fail(Cancelled());
  if (ready_.empty()) return nullptr;
  WindowPointer next = std::move(ready_.front());
  ready_.pop_front();
  WindowPointer pulled;
  Result<void> finished =
      HandOn(std::move(next), [&pulled](WindowPointer window) {
        pulled = std::move(window);
        return Result<void>();
      });
  if (!finished) return fail(std::move(finished.error()));
  if (done_) ready_.clear();  // what a limit leaves out
  return pulled;
}

}  // namespace thresh
