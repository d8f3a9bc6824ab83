// The pipeline's first stage, serial: opens inputs one after another and cuts
// them into windows.
#ifndef THRESH_PIPELINE_WINDOW_READER_H_
#define THRESH_PIPELINE_WINDOW_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "input/segment.h"
#include "pipeline/check_options.h"
#include "pipeline/input_opener.h"
#include "pipeline/window.h"
#include "thresh/bytes.h"
#include "thresh/options.h"

namespace thresh {

class WindowReader {
 public:
  // Both arguments must outlive the reader. As many inputs are opened ahead as
  // there are jobs, if there are several.
  WindowReader(const std::vector<std::string>& inputs, const Options& options)
      : inputs_(inputs),
        options_(options),
        opener_(inputs, options, JobsOf(options) > 1 ? JobsOf(options) : 0) {}
  // Reads `archive` in place of a file. It must outlive the reader.
  WindowReader(const std::vector<std::string>& inputs, const Options& options,
               Bytes archive)
      : inputs_(inputs),
        options_(options),
        archive_(archive),
        from_memory_(true),
        opener_(inputs, options, 0) {}

  // Fills `window` with the next parts. False at the end of the last input.
  // Inputs that cannot be opened become parts with an error.
  bool Next(Window* window, Background* background);

  // There will be no more calls of Next.
  void Stop() { opener_.Stop(); }

 private:
  // Opens the next input; adds a part to `window` if that fails.
  void OpenNext(Window* window, Background* background);
  // Moves on by one segment of the open input.
  void ReadPart(size_t target, Window* window);
  Result<const Container*> Recognise(SegmentSource* source) const;

  const std::vector<std::string>& inputs_;
  const Options& options_;
  Bytes archive_;
  bool from_memory_ = false;
  InputOpener opener_;

  uint32_t next_input_ = 0;
  std::unique_ptr<SegmentSource> source_;  // null between inputs
  const Container* container_ = nullptr;
  bool starts_input_ = false;
  uint64_t stored_offset_ = 0;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_READER_H_
