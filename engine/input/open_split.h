// Opens a part of an input, with what shows the container of the whole.
#ifndef THRESH_INPUT_OPEN_SPLIT_H_
#define THRESH_INPUT_OPEN_SPLIT_H_

#include <functional>

#include "input/open.h"
#include "thresh/result.h"

namespace thresh {

// Opens the bytes `range` of an input. `open_range` opens any range of it, as
// OpenInput does. Fails with kContainer, at range.begin, if the range does not
// begin the input and the input is compressed or an archive: their content
// cannot be read from the middle.
Result<Input> OpenSplit(
    const ByteRange& range,
    const std::function<Result<Input>(const ByteRange&)>& open_range);

}  // namespace thresh

#endif  // THRESH_INPUT_OPEN_SPLIT_H_
