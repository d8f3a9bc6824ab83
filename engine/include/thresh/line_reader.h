// Reads the lines of text files, for callers who parse them: inputs are opened
// and decompressed as archives are, and returned in blocks of whole lines.
#ifndef THRESH_LINE_READER_H_
#define THRESH_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/deaggregate.h"
#include "thresh/export.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

// The most bytes of a line, its end included. The limit bounds memory.
inline constexpr size_t kMaxTextLineBytes = size_t{128} << 20;

// Consecutive lines of one input, each with its line feed; only the last of an
// input may lack it. Valid as long as its owner, independent of the reader.
struct LineBlock {
  Bytes bytes;               // not empty
  uint64_t offset = 0;       // of the first byte in the content
  uint32_t source = 0;       // index into the inputs
  bool starts_input = true;  // whether the first line is the input's first
  std::shared_ptr<const void> owner;
};

class LineReader {
 public:
  // Reads `inputs` (paths, or "-" for standard input) in order. Uses only the
  // options max_expansion, max_expanded_bytes, include, exclude, cancel, which
  // ends a read that waits for a pipe, and progress, which is called within
  // Next; files are read, not mapped. Fails for invalid options.
  [[nodiscard]] THRESH_EXPORT static Result<LineReader> Open(
      InputList inputs, Options options = {});
  [[nodiscard]] THRESH_EXPORT static Result<LineReader> Open(
      std::vector<std::string> inputs, Options options = {});

  THRESH_EXPORT LineReader(LineReader&&) noexcept;
  THRESH_EXPORT LineReader& operator=(LineReader&&) noexcept;
  THRESH_EXPORT ~LineReader();

  // The next block, of about a MiB unless a line is longer; null at the end. An
  // input that fails, or has a line of more than kMaxTextLineBytes, ends there,
  // and the next one follows. A line that an error cuts off is not returned.
  // Throws std::bad_alloc if memory is out.
  [[nodiscard]] THRESH_EXPORT std::optional<LineBlock> Next();

  // The inputs that LineBlock::source indexes.
  [[nodiscard]] THRESH_EXPORT const InputList& inputs() const;

  // The inputs that failed, and of the counts `inputs`, `stored_bytes`,
  // `left_out`, `bytes` (what Next has returned so far, and unread_bytes) and
  // `unread_bytes` (of lines that were cut off or too long, as far as they were
  // read). All other counts are left to the caller.
  [[nodiscard]] THRESH_EXPORT const Report& report() const;

 private:
  class Impl;
  explicit LineReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace thresh

#endif  // THRESH_LINE_READER_H_
