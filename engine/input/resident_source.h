// Segments of inputs that are wholly in memory: mapped files, and archives that
// a caller holds. They are views; nothing is copied.
#ifndef THRESH_INPUT_RESIDENT_SOURCE_H_
#define THRESH_INPUT_RESIDENT_SOURCE_H_

#include <memory>

#include "input/segment.h"
#include "io/mapped_file.h"

namespace thresh {

std::unique_ptr<SegmentSource> NewMappedSource(
    std::shared_ptr<const MappedFile> file);

// `bytes` must outlive the source and its segments.
std::unique_ptr<SegmentSource> NewMemorySource(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_INPUT_RESIDENT_SOURCE_H_
