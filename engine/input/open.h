// Opens an input by its name, and takes off what layers its content shows.
#ifndef THRESH_INPUT_OPEN_H_
#define THRESH_INPUT_OPEN_H_

#include <cstdint>
#include <memory>
#include <string>

#include "input/buffer_pool.h"
#include "input/layer_stream.h"
#include "input/segment.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

// Opens `path`, or standard input for "-", which is not closed. A regular file
// is mapped if `use_mmap`, else read; in both ways as far as it reached when it
// was opened. Anything else (pipe, device) is streamed. Input that is
// compressed in a way that layers.cc lists, up to two layers deep, comes out
// decompressed, within `limits`.
//
// Fails with kIo if the file cannot be opened or is a directory, and with
// kContainer for a third layer.
//
// A mapped file keeps its descriptor; files of less than `min_mapped` bytes are
// read instead, for programs that have many of them open at a time. What is not
// mapped is read into buffers of `pool`, which inputs may share.
Result<std::unique_ptr<SegmentSource>> OpenInput(
    const std::string& path, bool use_mmap, uint64_t min_mapped = 0,
    const ExpansionLimits& limits = {},
    std::shared_ptr<BufferPool> pool = std::make_shared<BufferPool>());

// The same for an archive that lies in memory, which must outlive the source
// and its segments. Its name in errors is "memory"; what OpenInput would fail
// for is reported by Peek and Next.
std::unique_ptr<SegmentSource> OpenMemory(Bytes archive,
                                          const ExpansionLimits& limits = {});

}  // namespace thresh

#endif  // THRESH_INPUT_OPEN_H_
