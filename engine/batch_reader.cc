// The same three stages as in deaggregate.cc, driven by the caller's pull: each
// time the ready batches run out, as many windows as there are jobs are read,
// processed side by side and stitched.
#include "thresh/batch_reader.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <iterator>
#include <utility>

#include "filter/record_filter.h"
#include "pipeline/check_options.h"
#include "pipeline/ordered_filter.h"
#include "pipeline/progress_meter.h"
#include "pipeline/run_stages.h"
#include "pipeline/stitcher.h"
#include "pipeline/window.h"
#include "pipeline/window_errors.h"
#include "pipeline/window_processor.h"
#include "pipeline/window_reader.h"

namespace thresh {
namespace {

// The filter of `options`, if all of them make sense.
Result<RecordFilter> Check(const Options& options) {
  if (Result<void> ok = CheckOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  return RecordFilter::Compile(options.filter);
}

}  // namespace

class BatchReader::Impl {
 public:
  // `filter` is that of `options`.
  Impl(InputList inputs, Options options, RecordFilter filter)
      : inputs_(std::move(inputs)),
        options_(std::move(options)),
        reader_(inputs_, options_),
        processor_(inputs_, options_, std::move(filter), nullptr, nullptr) {
    Start();
  }
  Impl(Bytes archive, Options options, RecordFilter filter)
      : inputs_({"memory"}),
        options_(std::move(options)),
        reader_(inputs_, options_, archive),
        processor_(inputs_, options_, std::move(filter), nullptr, nullptr) {
    Start();
  }

  Result<const Batch*> Next() {
    try {
      return NextBatch();
    } catch (const std::bad_alloc& thrown) {
      return tl::unexpected(current_ == nullptr
                                ? NoMemoryLeft(thrown, inputs_)
                                : NoMemoryLeft(PlaceOf(*current_), inputs_));
    }
  }

  [[nodiscard]] const InputList& inputs() const { return inputs_; }
  [[nodiscard]] const Report& report() const { return report_; }

 private:
  Result<const Batch*> NextBatch() {
    if (current_ != nullptr) pool_.Give(std::move(current_));
    while (!ready_.empty() || StitchRest() || Refill()) {
      current_ = std::move(ready_.front());
      ready_.pop_front();
      if (current_->out_of_memory) throw std::bad_alloc();
      if (ordered_filter_) {
        Result<void> ok = ordered_filter_->Apply(current_.get());
        if (!ok) return tl::unexpected(std::move(ok.error()));
      }
      if (options_.on_suspect == SuspectPolicy::kFail) {
        std::optional<Error> suspect = FirstSuspect(*current_, inputs_);
        if (suspect.has_value()) return tl::unexpected(*std::move(suspect));
      }
      Count(*current_);
      if (!current_->batch.kinesis_records.empty()) return &current_->batch;
      pool_.Give(std::move(current_));
    }
    return nullptr;
  }

  void Start() {
    report_.summary.left_out = inputs_.left_out();
    if (IsOrdered(options_.filter)) ordered_filter_.emplace(processor_);
  }

  // Windows after one that left a rest wait until that has been handed on.
  void Stitch(std::unique_ptr<Window> window) {
    if (rest_ != nullptr) {
      waiting_.push_back(std::move(window));
      return;
    }
    rest_ = stitcher_.Take(std::move(window), &final_);
    MakeReady();
  }

  void MakeReady() {
    std::ranges::move(final_, std::back_inserter(ready_));
    final_.clear();
  }

  // False if there is none.
  bool StitchRest() {
    if (rest_ == nullptr || (ordered_filter_ && ordered_filter_->done())) {
      return false;
    }
    rest_ = stitcher_.ProcessAndTake(std::move(rest_), &final_);
    MakeReady();
    while (rest_ == nullptr && !waiting_.empty()) {
      Stitch(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    return true;
  }

  // Makes more windows ready; false at the end of the inputs.
  bool Refill() {
    if (ordered_filter_ && ordered_filter_->done()) return false;
    const unsigned wanted = JobsOf(options_);
    unsigned read = 0;
    RunStages(
        wanted,
        {.read = [&](Background* background) -> std::unique_ptr<Window> {
           if (read == wanted) return nullptr;
           std::unique_ptr<Window> window = pool_.Take();
           if (!reader_.Next(window.get(), background)) return nullptr;
           ++read;
           return window;
         },
         .process = [this](Window* window) { processor_.Process(window); },
         .finish =
             [this](std::unique_ptr<Window> window) {
               Stitch(std::move(window));
             }});
    return read > 0;
  }

  void Count(const Window& window) {
    report_.summary.Merge(window.summary);
    report_.input_errors.insert(report_.input_errors.end(),
                                window.errors.begin(), window.errors.end());
    const std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start_;
    report_.summary.seconds = elapsed.count();
    meter_.Show(report_.summary);
  }

  const std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
  const InputList inputs_;
  const Options options_;
  WindowPool pool_;
  WindowReader reader_;
  const WindowProcessor processor_;
  Stitcher stitcher_{processor_, &pool_};
  std::optional<OrderedFilter> ordered_filter_;
  ProgressMeter meter_{inputs_, options_};
  std::deque<std::unique_ptr<Window>> ready_;
  std::vector<std::unique_ptr<Window>> final_;  // what the stitcher gave last
  std::unique_ptr<Window> rest_;  // comes next, and is not processed yet
  std::deque<std::unique_ptr<Window>> waiting_;
  std::unique_ptr<Window> current_;
  Report report_{.summary = EmptySummary(options_), .input_errors = {}};
};

Result<BatchReader> BatchReader::Open(std::vector<std::string> inputs,
                                      Options options) {
  return Open(InputList(std::move(inputs)), std::move(options));
}

Result<BatchReader> BatchReader::Open(InputList inputs, Options options) {
  Result<RecordFilter> filter = Check(options);
  if (!filter) return tl::unexpected(std::move(filter.error()));
  return BatchReader(std::make_unique<Impl>(
      std::move(inputs), std::move(options), *std::move(filter)));
}

Result<BatchReader> BatchReader::OpenBytes(Bytes archive, Options options) {
  Result<RecordFilter> filter = Check(options);
  if (!filter) return tl::unexpected(std::move(filter.error()));
  return BatchReader(
      std::make_unique<Impl>(archive, std::move(options), *std::move(filter)));
}

BatchReader::BatchReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BatchReader::BatchReader(BatchReader&&) noexcept = default;
BatchReader& BatchReader::operator=(BatchReader&&) noexcept = default;
BatchReader::~BatchReader() = default;

Result<const Batch*> BatchReader::Next() { return impl_->Next(); }

const InputList& BatchReader::inputs() const { return impl_->inputs(); }

const Report& BatchReader::report() const { return impl_->report(); }

}  // namespace thresh
