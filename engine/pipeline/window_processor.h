// The pipeline's middle stage, parallel: everything that can be done to a
// window without looking at its neighbours.
#ifndef THRESH_PIPELINE_WINDOW_PROCESSOR_H_
#define THRESH_PIPELINE_WINDOW_PROCESSOR_H_

#include <string>
#include <utility>
#include <vector>

#include "filter/record_filter.h"
#include "pipeline/rows.h"
#include "pipeline/window.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/sink.h"

namespace thresh {

class WindowProcessor {
 public:
  // The arguments must outlive the processor, but for `filter`, which is that
  // of the options. Null sinks encode nothing: the batch remains.
  WindowProcessor(const InputList& inputs, const Options& options,
                  RecordFilter filter, const Sink* sink, const Sink* quarantine)
      : inputs_(inputs),
        options_(options),
        filter_(std::move(filter)),
        sink_(sink),
        quarantine_(quarantine) {}

  // Frames, verifies, reads and encodes the parts of `window`, replacing
  // whatever was found before. Thread-safe. Notes in the window if memory is
  // out.
  void Process(Window* window) const;

  // Processes copies of the parts of `window`, which has been processed, as far
  // as `last`, one of its records from a part: `counted`, an empty window, then
  // has what there is up to the end of that record, and nothing else.
  void ProcessUpTo(const KinesisRecord& last, const Window& window,
                   Window* counted) const;

  // Makes `window`, which has no parts, hold the opaque bytes that its
  // `stitched` owns: those of input `source` at `offset`.
  void ProcessOpaque(uint32_t source, uint64_t offset, Reason reason,
                     Window* window) const;

  [[nodiscard]] const InputList& inputs() const { return inputs_; }
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  // `last`: as in ProcessUpTo, null if there is none. It is of the last part.
  void Process(const KinesisRecord* last, Window* window) const;
  void ProcessParts(const KinesisRecord* last, Window* window) const;
  void MarkSkipped(Frames* frames, Summary* summary) const;
  void VerifyDigests(const KinesisRecord* last, Window* window) const;
  void FinishPart(const KinesisRecord* last, Part* part, Frames* frames,
                  Window* window) const;
  void Account(const Part& part, Frames* frames, Window* window) const;
  void AppendFrame(const Frame& frame, const FrameOrigin& origin,
                   Window* window) const;
  void FilterDigestEncode(Window* window) const;

  const InputList& inputs_;
  const Options& options_;
  const RecordFilter filter_;
  const Sink* sink_;
  const Sink* quarantine_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_PROCESSOR_H_
