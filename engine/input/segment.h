// A run of container bytes in memory: the unit in which inputs are passed to
// workers.
#ifndef THRESH_INPUT_SEGMENT_H_
#define THRESH_INPUT_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "io/memory_owner.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

struct Segment {
  Bytes bytes;
  uint64_t offset = 0;      // of bytes[0] in the container, in bytes
  bool ends_input = false;  // nothing of this input follows
  // A line ends with the last byte, even if that is not a line end: another
  // file follows. Only where SegmentSource::EndLinesWithFiles was called.
  bool ends_line = false;
  // Set only with ends_input: the input ends early because of this error;
  // `bytes` are still valid.
  std::optional<Error> error;
  uint64_t stored_offset = 0;  // bytes of the stored input consumed so far
  bool compressed = false;     // these are not the container's bytes
  std::shared_ptr<const MemoryOwner> owner;  // of `bytes`; never null
};

// Returns how many bytes from the start of `window` a segment may take so that
// it ends where the container can be cut; 0 if the window has no such place and
// a longer one is needed. `at_end`: the window reaches the end of the input.
// (Then the answer is usually window.size().)
using CutFunction = size_t (*)(Bytes window, bool at_end);

// One opened input, decompressed if needed, read from its start to its end. Not
// thread-safe; the segments may be used on any thread.
class SegmentSource {
 public:
  virtual ~SegmentSource() = default;

  // The input's first bytes: `size` of them, or all if it has fewer. Must be
  // called before the first Next; the view is valid until the next call. Fails
  // only for an error before the first byte (Next reports any other).
  virtual Result<Bytes> Peek(size_t size) = 0;

  // The next segment: at most `target` bytes, ended where `cut` says, longer
  // only if no cut was found within `target` (then up to `limit` bytes, and at
  // `limit` it is cut in any case). No segment follows one with ends_input. The
  // same content is cut at the same places however it is read: see
  // WindowedSource for the rule.
  virtual Segment Next(size_t target, size_t limit, CutFunction cut) = 0;

  // Makes Next end a segment where the input, a concatenation of files that
  // were compressed separately, goes from one to the next in the middle of a
  // line.
  virtual void EndLinesWithFiles() {}

  // Such places in the last peeked bytes, as offsets from their start,
  // ascending.
  [[nodiscard]] virtual std::vector<size_t> file_ends() const { return {}; }

  // Whether the input is in memory or mapped, so that a large segment takes no
  // more memory than a small one.
  [[nodiscard]] virtual bool resident() const { return false; }

  // Bytes of the file on disk; 0 if not known (a pipe).
  [[nodiscard]] virtual uint64_t stored_size() const = 0;
};

}  // namespace thresh

#endif  // THRESH_INPUT_SEGMENT_H_
