// Opens an input by its name, and takes gzip off by its content.
#ifndef THRESH_INPUT_OPEN_H_
#define THRESH_INPUT_OPEN_H_

#include <memory>
#include <string>

#include "input/segment.h"
#include "thresh/result.h"

namespace thresh {

// Opens `path`, or standard input for "-". A regular file is mapped if
// `use_mmap`, else read; anything else (pipe, device) is streamed. Input that
// is gzip, of one or many members, comes out decompressed. It is gzip if it
// begins with gzip's header and its first bytes do decompress.
Result<std::unique_ptr<SegmentSource>> OpenInput(const std::string& path,
                                                 bool use_mmap);

// The same for an archive in memory, which must outlive the source.
Result<std::unique_ptr<SegmentSource>> OpenMemory(Bytes archive);

}  // namespace thresh

#endif  // THRESH_INPUT_OPEN_H_
