// The pipeline's middle stage, parallel: everything that can be done to a
// window without adjacent ones.
#ifndef THRESH_PIPELINE_WINDOW_PROCESSOR_H_
#define THRESH_PIPELINE_WINDOW_PROCESSOR_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "filter/record_filter.h"
#include "pipeline/guess_limit.h"
#include "pipeline/rows.h"
#include "pipeline/window.h"
#include "pipeline/window_memory.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/sink.h"

namespace thresh {

class WindowProcessor {
 public:
  // The arguments must outlive the processor, except `filter`, which is that of
  // the options. If a sink is null nothing is encoded for it: the batch
  // remains.
  WindowProcessor(const InputList& inputs, const Options& options,
                  RecordFilter filter, const Sink* sink, const Sink* quarantine)
      : inputs_(inputs),
        options_(options),
        filter_(std::move(filter)),
        sink_(sink),
        quarantine_(quarantine) {}

  // Frames, verifies, reads and encodes the parts of `window`, replacing
  // earlier results. Thread-safe. Sets a flag in the window if memory is out.
  void Process(Window* window) const;

  // Processes copies of the parts of `window`, which has been processed, up to
  // `last`, one of its records from a part: `counted`, an empty window, then
  // has the results up to the end of that record, and nothing else.
  void ProcessUpTo(const KinesisRecord& last, const Window& window,
                   Window* counted) const;

  // Makes `window`, which has no parts, hold the opaque bytes that its
  // `stitched` owns: those of input `source` at `offset`.
  void ProcessOpaque(uint32_t source, uint64_t offset, Reason reason,
                     Window* window) const;

  [[nodiscard]] const InputList& inputs() const { return inputs_; }
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  // The limits of the processing of a window.
  struct Bounds {
    // As in ProcessUpTo, null if there is none. It is of the last part.
    const KinesisRecord* last = nullptr;
    // The most frames of the last part, set once more did not fit.
    std::optional<size_t> fits = std::nullopt;
    // Whether containers may guess where records end.
    bool guess = false;
  };

  // Input whose rows are made, filtered, digested and encoded at a time.
  static constexpr size_t kTurnBytes = size_t{256} << 10;

  void Process(Bounds bounds, Window* window) const;
  bool TryParts(Bounds* bounds, Window* window) const;
  void FrameParts(const Bounds& bounds, Window* window) const;
  void MarkSkipped(Frames* frames, Summary* summary) const;
  void VerifyDigests(const Bounds& bounds, Window* window) const;
  bool StopGuessing(Bounds* bounds) const;
  bool FinishPart(size_t index, Bounds* bounds, Window* window) const;
  bool AppendFrames(size_t index, Bounds* bounds, Window* window) const;
  void Account(const Part& part, const Frames& frames, Window* window) const;
  [[nodiscard]] bool EndsTurn(size_t bytes, const Window& window) const;
  [[nodiscard]] bool IsFull(const Window& window) const;
  bool AppendFrame(const Frame& frame, const FrameOrigin& origin,
                   Window* window) const;
  void FilterDigestEncode(Window* window) const;

  const InputList& inputs_;
  const Options& options_;
  const RecordFilter filter_;
  const Sink* sink_;
  const Sink* quarantine_;
  mutable GuessLimit guess_limit_;
  const size_t memory_ = WindowMemory(options_);
  const size_t turn_bytes_ = std::min(kTurnBytes, memory_);
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_PROCESSOR_H_
