// Cuts an input into segments. Shared by all sources, so that mapped files,
// pipes and memory are cut at the same places.
#ifndef THRESH_INPUT_WINDOWED_SOURCE_H_
#define THRESH_INPUT_WINDOWED_SOURCE_H_

#include <memory>
#include <optional>
#include <vector>

#include "input/segment.h"

namespace thresh {

// Windows begin where the last segment ended. The first is of `target` bytes
// (at least 1, at most `limit`), or of the rest of the input; `cut` is called
// to find a place in it. Until it finds one, the window is doubled, up to
// `limit`; a window of `limit` bytes, or one at the end of the input, is taken
// whole if it has none either. `cut` never sees an empty window.
//
// ends_input is set on the last segment that has bytes; an empty input is one
// empty segment. An error ends the input: the last segment before it reports
// it.
class WindowedSource : public SegmentSource {
 public:
  // Fails only for an error before the first byte; any other waits for Next.
  Result<Bytes> Peek(size_t size) final;
  Segment Next(size_t target, size_t limit, CutFunction cut) final;
  void EndLinesWithFiles() final { ends_lines_ = true; }
  [[nodiscard]] std::vector<size_t> file_ends() const final {
    return FileEndsWithin(peeked_.bytes.size());
  }

 protected:
  struct Window {
    Bytes bytes;
    bool at_end = false;  // nothing follows these bytes
    // How many of them precede the first place where a file ends without a line
    // end and another begins, which may be the window's end.
    std::optional<size_t> file_end = std::nullopt;
  };

  // The next `size` bytes, or all that are left if they are fewer. Valid until
  // the next call of Look.
  virtual Window Look(size_t size) = 0;

  // Where, within the next `size` bytes, a file ends without a line end and
  // another begins.
  [[nodiscard]] virtual std::vector<size_t> FileEndsWithin(
      size_t /*size*/) const {
    return {};
  }

  // Consumes the first `size` bytes of the last window of Look, and returns
  // their owner, which keeps them alive at the same address; never null.
  virtual std::shared_ptr<const MemoryOwner> Take(size_t size) = 0;

  // Once a window was at the end: why the input ends early there, if it does.
  [[nodiscard]] virtual std::optional<Error> end_error() const = 0;

  // For a compressed input: bytes of it consumed so far.
  [[nodiscard]] virtual std::optional<uint64_t> compressed_offset() const = 0;

 private:
  // As Look. If lines end with files, the window does too.
  Window LookAtLines(size_t size);

  uint64_t offset_ = 0;
  bool ends_lines_ = false;
  Window peeked_;
};

}  // namespace thresh

#endif  // THRESH_INPUT_WINDOWED_SOURCE_H_
