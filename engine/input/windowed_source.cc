// Implements the rule that the header states.
#include "input/windowed_source.h"

#include <algorithm>
#include <cstdint>

namespace thresh {

Result<Bytes> WindowedSource::Peek(size_t size) {
  peeked_ = Look(size);
  if (peeked_.bytes.empty() && peeked_.at_end) {
    if (std::optional<Error> error = end_error()) {
      return tl::unexpected(*std::move(error));
    }
  }
  return peeked_.bytes;
}

WindowedSource::Window WindowedSource::LookAtLines(size_t size) {
  Window window = Look(size);
  if (!ends_lines_) window.file_end.reset();
  if (window.file_end.has_value()) {
    window.bytes = window.bytes.first(*window.file_end);
  }
  return window;
}

Segment WindowedSource::Next(size_t target, size_t limit, CutFunction cut) {
  limit = std::clamp<size_t>(limit, 1, SIZE_MAX / 2);  // room for one byte more
  size_t size = std::clamp<size_t>(target, 1, limit);
  Window window = LookAtLines(size);
  size_t taken = 0;
  while (!window.bytes.empty()) {
    const bool at_end = window.at_end || window.file_end.has_value();
    taken = std::min(cut(window.bytes, at_end), window.bytes.size());
    if (taken > 0 || at_end || size == limit) break;
    size = size > limit / 2 ? limit : size * 2;
    window = LookAtLines(size);
  }
  if (taken == 0) taken = window.bytes.size();

  Segment segment;
  segment.bytes = window.bytes.first(taken);
  segment.offset = offset_;
  const bool whole = taken == window.bytes.size();
  segment.ends_line = window.file_end.has_value() && whole;
  segment.ends_input = window.at_end && whole && !segment.ends_line;
  if (segment.ends_input) segment.error = end_error();
  segment.owner = Take(taken);
  offset_ += taken;
  const std::optional<uint64_t> compressed = compressed_offset();
  segment.stored_offset = compressed.value_or(offset_);
  segment.compressed = compressed.has_value();
  return segment;
}

}  // namespace thresh
