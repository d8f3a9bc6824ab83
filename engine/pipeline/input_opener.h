// Opens inputs in their order, the members of archives among them. Later ones
// are opened before their turn, and, if that means decompression or reading,
// read as far as memory allows: on other threads, since one file is
// decompressed by one thread.
#ifndef THRESH_PIPELINE_INPUT_OPENER_H_
#define THRESH_PIPELINE_INPUT_OPENER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "input/archive.h"
#include "input/open.h"
#include "input/segment.h"
#include "io/buffer_pool.h"
#include "pipeline/run_stages.h"
#include "thresh/bytes.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

class ComingInput;

// The next of the inputs.
struct OpenedInput {
  uint32_t source = 0;                     // its index in the list
  std::unique_ptr<SegmentSource> content;  // null if there is nothing to read
  std::unique_ptr<SegmentSource> head;     // Input::head
  uint64_t begin = 0;                      // offset of the content's first byte
  std::optional<Error> error;              // why it failed; names the input
  // Set if it is an archive whose members have all been returned.
  std::optional<ArchiveEnd> archive_end;
};

class InputOpener {
 public:
  // Up to `ahead` inputs are opened before their turn. With `memory`, that is
  // the content of the list's only file. A request of `stop` ends reads that
  // wait for a pipe. The references must outlive the opener.
  InputOpener(const InputList& inputs, const Options& options, unsigned ahead,
              std::optional<Bytes> memory = std::nullopt,
              std::stop_token stop = {});

  // Opens the next input and starts to open those after it in the background;
  // null if there is no next one. The previous content must have been
  // destroyed: it may be the part of an archive that has to be read past before
  // the next.
  std::optional<OpenedInput> Next(Background* background);

  // There will be no more calls: inputs not opened yet need not be.
  void Stop();

 private:
  using Queue = std::deque<std::shared_ptr<ComingInput>>;

  static Result<Input> Take(const std::shared_ptr<ComingInput>& input,
                            const Queue& later);
  [[nodiscard]] Result<Input> OpenFile(size_t index) const;
  OpenedInput NextFile(Background* background);
  void OpenAhead(std::shared_ptr<ComingInput> input, Background* background);
  void FilesAhead(Background* background);
  OpenedInput NextMember(Background* background);
  void MembersAhead(Background* background);

  const InputList& inputs_;
  const Options& options_;
  const NameFilter filter_;
  const std::optional<Bytes> memory_;
  const std::stop_token stop_;
  const size_t ahead_;
  std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
  uint32_t next_ = 0;  // of the files
  Queue coming_;       // from next_ on

  std::unique_ptr<Archive> archive_;  // the file before next_, or null
  std::deque<std::string> names_;     // of the members in coming_members_
  Queue coming_members_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_INPUT_OPENER_H_
