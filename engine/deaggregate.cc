// Overview of the program. Input flows one way:
//
//   WindowReader   input, container    cuts inputs into windows    serial
//   WindowProcessor container, digest, record, filter, sink        parallel
//   Stitcher       what crosses the border of two windows          in order
//   OrderedFilter  duplicates, the limit: only if requested        in order
//   Sink::Write    encoded records to their file                   in order
//
// Run (pipeline/run.h) passes the windows from stage to stage.
#include "thresh/deaggregate.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "container/record_digest.h"
#include "filter/record_filter.h"
#include "pipeline/batch_slices.h"
#include "pipeline/check_options.h"
#include "pipeline/progress_meter.h"
#include "pipeline/rows.h"
#include "pipeline/run.h"
#include "pipeline/window.h"
#include "pipeline/window_errors.h"
#include "pipeline/window_memory.h"
#include "record/envelope.h"

namespace thresh {
namespace {

using WindowPointer = Run::WindowPointer;

// A run's last stage: takes windows in order, writes and counts.
class Finisher {
 public:
  // All must outlive it. `run` encodes for the sinks where possible.
  Finisher(const Run& run, Sink* sink, Sink* quarantine)
      : run_(run),
        options_(run.processor().options()),
        sink_(sink),
        quarantine_(quarantine),
        meter_(run.processor().inputs(), options_) {
    report_.summary = EmptySummary(options_);
    report_.summary.left_out = run.processor().inputs().left_out();
  }

  Result<void> Take(WindowPointer window) {
    Result<void> written = Write(window.get());
    if (!written) return written;
    report_.summary.Merge(window->summary);
    report_.input_errors.insert(report_.input_errors.end(),
                                window->errors.begin(), window->errors.end());
    meter_.Show(report_.summary);
    run_.pool()->Give(std::move(window));
    return {};
  }

  // After the last window.
  Result<Report> Finish() {
    run_.CheckInputs(&report_.input_errors);
    report_.incomplete = IsIncomplete(options_, report_.input_errors);
    Result<std::string> finished =
        FinishSinks(sink_, quarantine_, report_.incomplete);
    if (!finished) return tl::unexpected(std::move(finished.error()));
    report_.incomplete_file = *std::move(finished);
    return std::move(report_);
  }

 private:
  Result<void> Write(Window* window) {
    if (IsOrdered(options_.filter)) {
      // The part that the processor has left to be done in order.
      window->deferred = sink_->takes_records_split();
      if (!window->deferred) window->Encode(*sink_, quarantine_);
    }
    Result<void> written = WriteEncoded(*window);
    if (written && window->deferred) written = EncodeSlices(window);
    return written;
  }

  Result<void> EncodeSlices(Window* window) {
    BatchSlices slices(&window->batch, SliceMemory(options_));
    while (slices.Next()) {
      window->ClearEncoded();
      window->Encode(*sink_, quarantine_);
      Result<void> written = WriteEncoded(*window);
      if (!written) return written;
    }
    return {};
  }

  Result<void> WriteEncoded(const Window& window) {
    Result<void> written = Write(window, window.encoded.get(), sink_);
    if (written) {
      written = Write(window, window.quarantined.get(), quarantine_);
    }
    return written;
  }

  // The data that the chunk refers to was read again, long after the stitcher's
  // check: if a mapped file was truncated in the meantime, the rest of a page
  // reads as zeros and the output is corrupt.
  Result<void> Write(const Window& window, Chunk* chunk, Sink* sink) {
    if (chunk == nullptr || chunk->empty()) return {};
    const bool refers = chunk->refers();
    Result<void> written = sink->Write(chunk);
    if (!refers) return written;
    std::optional<Error> fault = FindFault(window, run_.processor().inputs());
    if (fault.has_value()) return tl::unexpected(*std::move(fault));
    return written;
  }

  const Run& run_;
  const Options& options_;
  Sink* sink_;
  Sink* quarantine_;
  ProgressMeter meter_;
  Report report_;
};

// Deaggregate with options that make sense. Throws std::bad_alloc.
Result<Report> RunToSinks(const InputList& inputs, const Options& options,
                          Sink* sink, Sink* quarantine) {
  Result<RecordFilter> filter = RecordFilter::Compile(options.filter);
  if (!filter) return tl::unexpected(std::move(filter.error()));
  if (options.on_suspect != SuspectPolicy::kQuarantine) quarantine = nullptr;
  const auto start = std::chrono::steady_clock::now();
  Run run(inputs, options, *std::move(filter), sink, quarantine);
  Finisher finisher(run, sink, quarantine);
  // One window more than threads keeps them busy while one is finished.
  Result<void> pushed =
      run.Push(run.jobs() + 1, [&finisher](WindowPointer window) {
        return finisher.Take(std::move(window));
      });
  if (!pushed) return tl::unexpected(std::move(pushed.error()));
  Result<Report> report = finisher.Finish();
  if (report.has_value()) {
    const std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    report->summary.seconds = elapsed.count();
  }
  return report;
}

}  // namespace

bool IsIncomplete(const Options& options,
                  const std::vector<Error>& input_errors) {
  // Other errors are of the content, and would occur again.
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
  try {
    return RunToSinks(inputs, options, sink, quarantine);
  } catch (const std::bad_alloc& thrown) {
    return tl::unexpected(NoMemoryLeft(thrown, inputs));
  }
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
  return *AppendRow(frame, {}, {.nested = nested}, batch, &counted);
}

}  // namespace thresh
