// Opens inputs in their order. Those to come are opened, and where that means
// decompression or reading, read as far as memory allows, before it is their
// turn: on other threads, since one file alone is decompressed by one.
#ifndef THRESH_PIPELINE_INPUT_OPENER_H_
#define THRESH_PIPELINE_INPUT_OPENER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "input/buffer_pool.h"
#include "input/segment.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

class ComingInput;

class InputOpener {
 public:
  using Opened = Result<std::unique_ptr<SegmentSource>>;

  // Up to `ahead` inputs are opened before their turn; if it is not 0, Next
  // must be called within RunStages. Both references must outlive the opener.
  InputOpener(const std::vector<std::string>& inputs, const Options& options,
              unsigned ahead);
  InputOpener(const InputOpener&) = delete;
  InputOpener& operator=(const InputOpener&) = delete;
  ~InputOpener();

  // Whether all inputs have had their turn.
  [[nodiscard]] bool done() const { return next_ == inputs_.size(); }

  // Opens the next input; not to be called when done. Errors name the file.
  Opened Next();

 private:
  void OpenAhead();

  const std::vector<std::string>& inputs_;
  const Options& options_;
  size_t ahead_;
  std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
  uint32_t next_ = 0;
  std::deque<std::shared_ptr<ComingInput>> coming_;  // from next_ on
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_INPUT_OPENER_H_
