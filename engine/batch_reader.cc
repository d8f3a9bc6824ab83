// The pipeline of deaggregate.cc, driven by the caller's calls of Next. With
// several jobs it runs on a separate thread, limited by the caller's pace.
#include "thresh/batch_reader.h"

#include <chrono>
#include <exception>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "filter/record_filter.h"
#include "pipeline/check_options.h"
#include "pipeline/progress_meter.h"
#include "pipeline/run.h"
#include "pipeline/window.h"
#include "pipeline/window_errors.h"
#include "pipeline/window_queue.h"

namespace thresh {
namespace {

using WindowPointer = Run::WindowPointer;

// Of a run on several threads: one window more than threads keeps them busy
// while one is handed over.
unsigned WindowsOf(const Run& run) { return run.jobs() + 1; }

// The filter of `options`, if all of them are valid.
Result<RecordFilter> Check(const Options& options) {
  if (Result<void> ok = CheckOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  return RecordFilter::Compile(options.filter);
}

}  // namespace

class BatchReader::Impl {
 public:
  // `filter` is that of `options`. With `archive`, it is read in place of the
  // only input.
  Impl(InputList inputs, Options options, RecordFilter filter,
       std::optional<Bytes> archive = std::nullopt)
      : inputs_(std::move(inputs)),
        options_(std::move(options)),
        run_(inputs_, options_, std::move(filter), /*sink=*/nullptr,
             /*quarantine=*/nullptr, archive) {
    report_.summary = EmptySummary(options_);
    report_.summary.left_out = inputs_.left_out();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    if (!thread_.joinable()) return;
    run_.Stop();
    queue_.Close();
    thread_.join();
  }

  Result<std::shared_ptr<const Batch>> Next() {
    if (failed_.has_value()) return tl::unexpected(*failed_);
    if (thrown_ != nullptr) std::rethrow_exception(thrown_);
    try {
      Result<std::shared_ptr<const Batch>> batch = NextBatch();
      if (!batch) failed_ = batch.error();
      return batch;
    } catch (const std::bad_alloc& thrown) {
      thrown_ = std::current_exception();
      failed_ = NoMemoryLeft(thrown, inputs_);
      return tl::unexpected(*failed_);
    } catch (...) {
      thrown_ = std::current_exception();
      throw;
    }
  }

  [[nodiscard]] const InputList& inputs() const { return inputs_; }
  [[nodiscard]] const Report& report() const { return report_; }

 private:
  Result<std::shared_ptr<const Batch>> NextBatch() {
    while (true) {
      Result<WindowPointer> window = NextWindow();
      if (!window) return tl::unexpected(std::move(window.error()));
      if (*window == nullptr) {
        if (!std::exchange(ended_, true))
          run_.CheckInputs(&report_.input_errors);
        return nullptr;
      }
      std::shared_ptr<const Batch> batch = Own(*std::move(window));
      if (!batch->kinesis_records.empty()) return batch;
    }
  }

  Result<WindowPointer> NextWindow() {
    if (run_.jobs() > 1 && !alone_ && !thread_.joinable()) {
      try {
        thread_ = std::thread([this] { Work(); });
      } catch (const std::system_error&) {
        alone_ = true;  // the system gives no more threads
      }
    }
    return thread_.joinable() ? queue_.Pop() : run_.Pull();
  }

  // Runs on the thread that makes windows.
  void Work() {
    const unsigned windows = WindowsOf(run_);
    const auto push = [this](WindowPointer window) {
      if (!queue_.Push(std::move(window))) run_.Stop();
      if (queue_.paused()) run_.Pause();
      return Result<void>();
    };
    try {
      Result<void> pushed = run_.Push(windows, push);
      // The threads are shared by all readers, and with others in the process:
      // those of a reader that nobody reads from must not wait.
      while (pushed && run_.paused()) {
        queue_.AwaitConsumer();
        pushed = run_.Push(windows, push);
      }
      queue_.End(nullptr, pushed ? std::nullopt
                                 : std::optional(std::move(pushed.error())));
    } catch (...) {
      queue_.End(std::current_exception(), std::nullopt);
    }
  }

  // Counts `window` and returns its batch. The window returns to the pool when
  // its last owner releases it, possibly after the reader is destroyed.
  std::shared_ptr<const Batch> Own(WindowPointer window) {
    const std::shared_ptr<const Window> owned(
        window.release(), [pool = run_.pool()](Window* released) {
          pool->Give(WindowPointer(released));
        });
    Count(*owned);
    return {owned, &owned->batch};
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
  Run run_;
  ProgressMeter meter_{inputs_, options_};
  Report report_;
  bool ended_ = false;
  // Why no batch follows, other than the end.
  std::optional<Error> failed_;
  std::exception_ptr thrown_;
  WindowQueue queue_{WindowsOf(run_) + 1};
  std::thread thread_;
  bool alone_ = false;  // without a thread
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
  return BatchReader(std::make_unique<Impl>(
      InputList({"memory"}), std::move(options), *std::move(filter), archive));
}

BatchReader::BatchReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BatchReader::BatchReader(BatchReader&&) noexcept = default;
BatchReader& BatchReader::operator=(BatchReader&&) noexcept = default;
BatchReader::~BatchReader() = default;

Result<std::shared_ptr<const Batch>> BatchReader::Next() {
  return impl_->Next();
}

const InputList& BatchReader::inputs() const { return impl_->inputs(); }

const Report& BatchReader::report() const { return impl_->report(); }

}  // namespace thresh
