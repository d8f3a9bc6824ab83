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
#include "pipeline/run_stages.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

class ComingInput;

class InputOpener {
 public:
  using Opened = Result<std::unique_ptr<SegmentSource>>;

  // Up to `ahead` inputs are opened before their turn. Both references must
  // outlive the opener.
  InputOpener(const std::vector<std::string>& inputs, const Options& options,
              unsigned ahead);

  // Opens the next input, of which there must be one, and has those behind it
  // opened in the background. Errors name the file.
  Opened Next(Background* background);

  // There will be no more calls: what has not been opened yet need not be.
  void Stop();

 private:
  void OpenAhead(Background* background);

  const std::vector<std::string>& inputs_;
  const Options& options_;
  size_t ahead_;
  std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
  uint32_t next_ = 0;
  std::deque<std::shared_ptr<ComingInput>> coming_;  // from next_ on
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_INPUT_OPENER_H_
