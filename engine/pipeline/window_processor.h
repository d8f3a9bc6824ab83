// The pipeline's middle stage, parallel: everything that can be done to a
// window without looking at its neighbours.
#ifndef THRESH_PIPELINE_WINDOW_PROCESSOR_H_
#define THRESH_PIPELINE_WINDOW_PROCESSOR_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "filter/record_filter.h"
#include "pipeline/rows.h"
#include "pipeline/window.h"
#include "pipeline/window_memory.h"
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

  // Makes `window`, which has no parts, hold the opaque bytes that its
  // `stitched` owns: those of input `source` at `offset`.
  void ProcessOpaque(uint32_t source, uint64_t offset, Reason reason,
                     Window* window) const;

  [[nodiscard]] const InputList& inputs() const { return inputs_; }
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  // Input whose rows are made, filtered, digested and encoded at a time.
  static constexpr size_t kTurnBytes = size_t{256} << 10;

  void ProcessParts(Window* window) const;
  bool TryParts(std::optional<size_t>* fits, Window* window) const;
  void FrameParts(std::optional<size_t> fits, Window* window) const;
  void MarkSkipped(Frames* frames, Summary* summary) const;
  void VerifyDigests(Window* window) const;
  bool FinishPart(size_t index, std::optional<size_t>* fits,
                  Window* window) const;
  bool AppendFrames(size_t index, std::optional<size_t>* fits,
                    Window* window) const;
  [[nodiscard]] bool EndsTurn(size_t bytes, const Window& window) const;
  [[nodiscard]] bool IsFull(const Window& window) const;
  void CountFrames(size_t index, Window* window) const;
  void AppendFrame(const Frame& frame, const FrameOrigin& origin,
                   Window* window) const;
  void FilterDigestEncode(Window* window) const;

  const InputList& inputs_;
  const Options& options_;
  const RecordFilter filter_;
  const Sink* sink_;
  const Sink* quarantine_;
  const size_t memory_ = WindowMemory(options_);
  const size_t turn_bytes_ = std::min(kTurnBytes, memory_);
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_PROCESSOR_H_
