// The pipeline's last stage, serial and in input order: resolves what a window
// could not know alone, so that the result is that of one pass over the whole
// input.
#ifndef THRESH_PIPELINE_STITCHER_H_
#define THRESH_PIPELINE_STITCHER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/window.h"
#include "pipeline/window_processor.h"
#include "thresh/column.h"
#include "thresh/input_list.h"
#include "thresh/result.h"

namespace thresh {

class Stitcher {
 public:
  // Both must outlive the stitcher.
  Stitcher(const WindowProcessor& processor, WindowPool* pool)
      : processor_(processor), pool_(pool) {}

  // Takes the next processed window, in the order in which the reader filled
  // them, and appends to `ready` those that are final now. Returns the next
  // window, still to be processed, if `window` has left a rest; usually null.
  [[nodiscard]] std::unique_ptr<Window> Take(
      std::unique_ptr<Window> window,
      std::vector<std::unique_ptr<Window>>* ready);

  // The same for a window that Take has returned.
  [[nodiscard]] std::unique_ptr<Window> ProcessAndTake(
      std::unique_ptr<Window> rest,
      std::vector<std::unique_ptr<Window>>* ready);

 private:
  void Abandon(Window* window);
  bool AddToCarry(Window* window);
  void JoinCarry(Window* window);
  bool TrimFaults(Window* window);
  void TakeLeadingOpaque(Window* window,
                         std::vector<std::unique_ptr<Window>>* ready);
  void BeginOpaque(const Part& part, size_t begin, Reason reason);
  void TrimOpaque(Window* next);
  void FlushOpaque(size_t keep, std::vector<std::unique_ptr<Window>>* ready);
  void KeepEnd(const Window& window);
  [[nodiscard]] std::unique_ptr<Window> TakeNext(
      std::unique_ptr<Window> window,
      std::vector<std::unique_ptr<Window>>* ready);
  std::unique_ptr<Window> TakeRest(Window* window);

  const WindowProcessor& processor_;
  WindowPool* pool_;

  // Opaque bytes seen so far of a span that may continue, at most
  // kMaxRecordBytes; they come before the carried ones.
  Column<uint8_t> opaque_;
  uint64_t opaque_offset_ = 0;
  uint32_t opaque_source_ = 0;
  Reason opaque_reason_ = Reason::kNone;
  // Whether line ends frame records where the span is, whether it follows a
  // record, and whether no piece of it was emitted yet.
  bool opaque_line_ends_ = false;
  bool opaque_after_record_ = false;
  bool opaque_whole_ = true;
  // The line end that was before it, and whether it is not counted yet.
  size_t opaque_line_end_ = 0;
  bool opaque_line_end_counts_ = false;
  // Bytes that the last window left unresolved, and those of windows added
  // since, until there are enough to process them again.
  Column<uint8_t> carry_;
  uint64_t carry_offset_ = 0;
  size_t enough_ = 0;
  std::vector<FailedSearch> carry_failed_searches_;
  // The input that failed last; later parts of it are abandoned.
  std::optional<uint32_t> failed_source_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_STITCHER_H_
