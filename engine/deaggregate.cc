// The program on one page. Input flows one way:
//
//   WindowReader   input, container    cuts inputs into windows    serial
//   WindowProcessor container, envelope, digest, wire, batch, filter, sink
//                                                                  parallel
//   Stitcher       what crosses the border of two windows          in order
//   OrderedFilter  repetitions, the limit: only if asked for       in order
//   Sink::Write    encoded records to their file                   in order
//
// RunStages (pipeline/run_stages.h) moves the windows from one to the next.
#include "thresh/deaggregate.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "container/record_digest.h"
#include "filter/record_filter.h"
#include "pipeline/batch_slices.h"
#include "pipeline/check_options.h"
#include "pipeline/ordered_filter.h"
#include "pipeline/progress_meter.h"
#include "pipeline/rows.h"
#include "pipeline/run_stages.h"
#include "pipeline/stitcher.h"
#include "pipeline/window.h"
#include "pipeline/window_errors.h"
#include "pipeline/window_memory.h"
#include "pipeline/window_processor.h"
#include "pipeline/window_reader.h"
#include "record/envelope.h"
#include "storage/input_watch.h"

namespace thresh {
namespace {

using WindowPointer = std::unique_ptr<Window>;

// A run's last stage: takes windows in order, writes, counts, and remembers
// the error that ends the run.
class Finisher {
 public:
  Finisher(const WindowProcessor& processor, WindowPool* pool, Sink* sink,
           Sink* quarantine)
      : processor_(processor),
        pool_(pool),
        stitcher_(processor, pool),
        sink_(sink),
        quarantine_(quarantine),
        meter_(processor.inputs(), processor.options()) {
    report_.summary = EmptySummary(processor.options());
    report_.summary.left_out = processor.inputs().left_out();
    const Filter& filter = processor.options().filter;
    if (IsOrdered(filter)) ordered_filter_.emplace(processor);
    done_ = report_.summary.limited;
  }

  void Take(WindowPointer window) {
    if (done()) return;
    WindowPointer rest = stitcher_.Take(std::move(window), &ready_);
    WriteReady();
    while (rest != nullptr && !done()) {
      rest = stitcher_.ProcessAndTake(std::move(rest), &ready_);
      WriteReady();
    }
  }

  // Whether there is no point in reading on. Thread-safe.
  [[nodiscard]] bool done() const { return done_; }

  Result<Report> Finish() {
    if (!error_.has_value()) {
      if (!report_.summary.limited) watch_.Check(&report_.input_errors);
      report_.incomplete =
          IsIncomplete(processor_.options(), report_.input_errors);
      Result<std::string> finished =
          FinishSinks(sink_, quarantine_, report_.incomplete);
      if (finished) {
        report_.incomplete_file = *std::move(finished);
      } else {
        error_ = std::move(finished.error());
      }
    }
    if (error_.has_value()) return tl::unexpected(*std::move(error_));
    return std::move(report_);
  }

 private:
  void WriteReady() {
    for (WindowPointer& final_window : ready_) {
      if (!error_.has_value()) WriteIfMemoryLasts(final_window.get());
      pool_->Give(std::move(final_window));
    }
    ready_.clear();
    done_ = error_.has_value() || report_.summary.limited;
    meter_.Show(report_.summary);
  }

  void WriteIfMemoryLasts(Window* window) {
    try {
      if (window->out_of_memory) throw std::bad_alloc();
      Write(window);
    } catch (const std::bad_alloc&) {
      error_ = NoMemoryLeft(PlaceOf(*window), processor_.inputs());
    }
  }

  void Write(Window* window) {
    if (ordered_filter_) FilterAndEncode(window);
    if (error_.has_value()) return;
    if (processor_.options().on_suspect == SuspectPolicy::kFail) {
      error_ = FirstSuspect(*window, processor_.inputs());
    }
    WriteEncoded(*window);
    if (window->deferred) EncodeSlices(window);
    if (error_.has_value()) return;
    report_.summary.Merge(window->summary);
    report_.input_errors.insert(report_.input_errors.end(),
                                window->errors.begin(), window->errors.end());
  }

  // What the processor has left to the order of windows.
  void FilterAndEncode(Window* window) {
    Check(ordered_filter_->Apply(window));
    if (error_.has_value()) return;
    window->deferred = sink_->takes_records_split();
    if (!window->deferred) window->Encode(*sink_, quarantine_);
  }

  void EncodeSlices(Window* window) {
    BatchSlices slices(&window->batch, SliceMemory(processor_.options()));
    while (!error_.has_value() && slices.Next()) {
      window->ClearEncoded();
      window->Encode(*sink_, quarantine_);
      WriteEncoded(*window);
    }
  }

  void WriteEncoded(const Window& window) {
    Write(window, window.encoded.get(), sink_);
    Write(window, window.quarantined.get(), quarantine_);
  }

  // What the chunk refers to was read once more, long after the stitcher
  // looked: a mapped file that was truncated meanwhile, of which the rest of a
  // page reads as zeros, has spoiled it.
  void Write(const Window& window, Chunk* chunk, Sink* sink) {
    if (error_.has_value() || chunk == nullptr || chunk->empty()) return;
    const bool refers = chunk->refers();
    Check(sink->Write(chunk));
    if (!refers) return;
    std::optional<Error> fault = FindFault(window, processor_.inputs());
    if (fault.has_value()) error_ = std::move(fault);
  }

  void Check(Result<void> result) {
    if (!result.has_value()) error_ = std::move(result.error());
  }

  const WindowProcessor& processor_;
  WindowPool* pool_;
  Stitcher stitcher_;
  Sink* sink_;
  Sink* quarantine_;
  ProgressMeter meter_;
  const InputWatch watch_{processor_.inputs().files()};
  std::optional<OrderedFilter> ordered_filter_;
  std::vector<WindowPointer> ready_;
  Report report_;
  std::optional<Error> error_;
  std::atomic<bool> done_ = false;
};

}  // namespace

bool IsIncomplete(const Options& options,
                  const std::vector<Error>& input_errors) {
  // Other errors are of content, which is the same the next time.
  return !options.keep_going &&
         (options.lacks_inputs ||
          std::ranges::any_of(input_errors, [](const Error& error) {
            return error.code == ErrorCode::kIo;
          }));
}

Result<Report> Deaggregate(const std::vector<std::string>& inputs,
                           const Options& options, Sink* sink,
                           Sink* quarantine) {
  return Deaggregate(InputList(inputs), options, sink, quarantine);
}

Result<Report> Deaggregate(const InputList& inputs, const Options& options,
                           Sink* sink, Sink* quarantine) {
  if (Result<void> ok = CheckOptions(options, sink, quarantine); !ok) {
    return tl::unexpected(ok.error());
  }
  Result<RecordFilter> filter = RecordFilter::Compile(options.filter);
  if (!filter) return tl::unexpected(std::move(filter.error()));
  if (options.on_suspect != SuspectPolicy::kQuarantine) quarantine = nullptr;
  const auto start = std::chrono::steady_clock::now();
  WindowPool pool;
  WindowReader reader(inputs, options);
  const bool encodes = !IsOrdered(options.filter);
  const WindowProcessor processor(inputs, options, *std::move(filter),
                                  encodes ? sink : nullptr,
                                  encodes ? quarantine : nullptr);
  Finisher finisher(processor, &pool, sink, quarantine);
  const Stages stages = {
      .read =
          [&](Background* background) {
            WindowPointer window = pool.Take();
            const bool more =
                !finisher.done() && reader.Next(window.get(), background);
            if (!more) reader.Stop();
            return more ? std::move(window) : nullptr;
          },
      .process = [&](Window* window) { processor.Process(window); },
      .finish =
          [&](WindowPointer window) { finisher.Take(std::move(window)); }};
  try {
    RunStages(JobsOf(options), stages);
  } catch (const std::bad_alloc& thrown) {
    return tl::unexpected(NoMemoryLeft(thrown, inputs));
  }
  Result<Report> report = finisher.Finish();
  if (report.has_value()) {
    const std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    report->summary.seconds = elapsed.count();
  }
  return report;
}

Verdict Deaggregate(Bytes record, Batch* batch, bool nested) {
  Frame frame = {.offset = 0,
                 .length = record.size(),
                 .record = record,
                 .opaque = false,
                 .verified = false};
  if (LooksAggregated(record)) {
    frame.verified = DigestMatches(record);
  }
  Summary counted;
  return AppendRow(frame, {}, {.nested = nested}, batch, &counted);
}

}  // namespace thresh
