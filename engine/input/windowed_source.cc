// See the header for the rule; this is the rule in code.
#include "input/windowed_source.h"

#include <algorithm>
#include <cstdint>

namespace thresh {

Result<Bytes> WindowedSource::Peek(size_t size) {
  const Window window = Look(size);
  if (window.bytes.empty() && window.at_end) {
    if (std::optional<Error> error = end_error()) {
      return tl::unexpected(*std::move(error));
    }
  }
  return window.bytes;
}

Segment WindowedSource::Next(size_t target, size_t limit, CutFunction cut) {
  limit = std::clamp<size_t>(limit, 1, SIZE_MAX / 2);  // room for one byte more
  size_t size = std::clamp<size_t>(target, 1, limit);
  Window window = Look(size);
  size_t taken = 0;
  while (!window.bytes.empty()) {
    taken = std::min(cut(window.bytes, window.at_end), window.bytes.size());
    if (taken > 0 || window.at_end || size == limit) break;
    size = size > limit / 2 ? limit : size * 2;
    window = Look(size);
  }
  if (taken == 0) taken = window.bytes.size();

  Segment segment;
  segment.bytes = window.bytes.first(taken);
  segment.offset = offset_;
  segment.ends_input = window.at_end && taken == window.bytes.size();
  if (segment.ends_input) segment.error = end_error();
  segment.owner = Take(taken);
  offset_ += taken;
  segment.stored_offset = compressed_offset().value_or(offset_);
  return segment;
}

}  // namespace thresh
