// The pipeline's first stage, serial: opens inputs one after another and cuts
// them into windows.
#ifndef THRESH_PIPELINE_WINDOW_READER_H_
#define THRESH_PIPELINE_WINDOW_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "input/segment.h"
#include "pipeline/input_opener.h"
#include "pipeline/window.h"
#include "pipeline/window_errors.h"
#include "thresh/bytes.h"
#include "thresh/input_list.h"
#include "thresh/options.h"

namespace thresh {

class WindowReader {
 public:
  // The arguments must outlive the reader. As many inputs are opened ahead as
  // there are jobs, if there are several. With `archive`, that is read in place
  // of the only file. A request of `stop` ends reads that wait for a pipe.
  WindowReader(const InputList& inputs, const Options& options, unsigned jobs,
               std::optional<Bytes> archive, std::stop_token stop)
      : inputs_(inputs),
        options_(options),
        opener_(inputs, options, jobs > 1 ? jobs : 0, archive,
                std::move(stop)) {}

  // Fills `window` with the next parts. False at the end of the last input.
  // Inputs that cannot be opened become parts with an error.
  // Throws NoMemoryAt where memory is out and the input is known.
  bool Next(Window* window, Background* background);

  // There will be no more calls of Next.
  void Stop() { opener_.Stop(); }

 private:
  bool Fill(Window* window, Background* background);
  // Opens the next input; adds a part to `window` if it has nothing to read.
  // False at the end of the last.
  bool OpenNext(Window* window, Background* background);
  void AddClosed(OpenedInput closed, Window* window);
  // Reads one segment of the open input.
  void ReadPart(size_t target, Window* window);
  Result<const Container*> Recognise(SegmentSource* source) const;

  const InputList& inputs_;
  const Options& options_;
  InputOpener opener_;

  std::unique_ptr<SegmentSource> source_;  // null between inputs
  uint32_t source_number_ = 0;
  const Container* container_ = nullptr;
  bool starts_input_ = false;
  std::optional<InputPlace> place_;  // that comes next; null between inputs
  uint64_t stored_offset_ = 0;
  uint64_t member_bytes_ = 0;  // stored ones, of the current archive's members
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_READER_H_
