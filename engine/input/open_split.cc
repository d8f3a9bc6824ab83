// See open_split.h.
#include "input/open_split.h"

#include <utility>

#include "base/errors.h"

namespace thresh {

Result<Input> OpenSplit(
    const ByteRange& range,
    const std::function<Result<Input>(const ByteRange&)>& open_range) {
  Result<Input> part = open_range(range);
  if (!part || range == ByteRange() || part->archive != nullptr ||
      part->compressed) {
    return part;
  }
  Result<Input> whole = open_range({});
  if (!whole) return whole;
  if (whole->archive != nullptr || whole->compressed) {
    return tl::unexpected(
        AtOffset(range.begin, ContainerError("a compressed file or an archive "
                                             "cannot be read in parts",
                                             "read it as a whole")));
  }
  part->head = std::move(whole->source);
  return part;
}

}  // namespace thresh
