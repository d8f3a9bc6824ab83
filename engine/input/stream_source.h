// Segments of a stream, in buffers.
#ifndef THRESH_INPUT_STREAM_SOURCE_H_
#define THRESH_INPUT_STREAM_SOURCE_H_

#include <cstdint>
#include <memory>

#include "input/segment.h"
#include "io/buffer_pool.h"
#include "io/byte_stream.h"

namespace thresh {

// `stored_size`: of the stream's file, 0 if not known. `file`: its name in
// errors. `pool`: the source of the segments' buffers.
std::unique_ptr<SegmentSource> NewStreamSource(
    std::unique_ptr<ByteStream> stream, std::string file, uint64_t stored_size,
    std::shared_ptr<BufferPool> pool);

}  // namespace thresh

#endif  // THRESH_INPUT_STREAM_SOURCE_H_
