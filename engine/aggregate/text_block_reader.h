// The first stage of a run on lines, serial: reads inputs and cuts them into
// blocks. Blocks are recycled, and keep their memory unless unusual input made
// it large.
#ifndef THRESH_AGGREGATE_TEXT_BLOCK_READER_H_
#define THRESH_AGGREGATE_TEXT_BLOCK_READER_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "aggregate/line_parser.h"
#include "aggregate/text_block.h"
#include "thresh/deaggregate.h"
#include "thresh/input_list.h"
#include "thresh/line_reader.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

class TextBlockReader {
 public:
  // Blocks get copies of `parser`, which must outlive the reader. Fails for
  // invalid options.
  static Result<std::unique_ptr<TextBlockReader>> Open(
      const InputList& inputs, const Options& options,
      const LineParser& parser);

  // The next block, not parsed yet; null at the end of the last input. Where a
  // block ends depends on the input alone. Throws NoMemoryAt.
  std::unique_ptr<TextBlock> Next();

  // Whether Next has returned null.
  [[nodiscard]] bool at_end() const { return at_end_; }
  // Whether the last block has a line of several MiB.
  [[nodiscard]] bool was_large() const { return was_large_; }
  // As LineReader::report.
  [[nodiscard]] const Report& report() const { return lines_->report(); }

  // Takes a block that is not needed any more. Thread-safe.
  void Give(std::unique_ptr<TextBlock> block);

 private:
  explicit TextBlockReader(const LineParser& parser) : parser_(parser) {}
  std::unique_ptr<TextBlock> TakeFree();

  const LineParser& parser_;
  std::optional<LineReader> lines_;  // set by Open
  Progress progress_;
  LineBlock unread_;  // the rest of what lines_ has returned
  bool at_end_ = false;
  bool was_large_ = false;

  std::mutex mutex_;
  std::vector<std::unique_ptr<TextBlock>> free_;
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_TEXT_BLOCK_READER_H_
