// Opens an input by its name, removes the compression that its content shows,
// and distinguishes archives from containers.
#ifndef THRESH_INPUT_OPEN_H_
#define THRESH_INPUT_OPEN_H_

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "compression/expansion_limits.h"
#include "input/archive.h"
#include "input/segment.h"
#include "io/buffer_pool.h"
#include "storage/name_filter.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

// What an input is: `source` or `archive`.
struct Input {
  std::unique_ptr<SegmentSource> source;
  std::unique_ptr<Archive> archive;
  bool compressed = false;  // `source` decompresses
  // Of a part of a file (open_split.h): all of it, whose first bytes show what
  // container it is. Null otherwise.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::unique_ptr<SegmentSource> head = {};
};

// The bytes [begin, end) of a file; by default all of it.
struct ByteRange {
  uint64_t begin = 0;
  uint64_t end = UINT64_MAX;  // or: to its end

  bool operator==(const ByteRange&) const = default;
};

// Opens `path`, or standard input for "-", which is not closed. A regular file
// is mapped if `use_mmap`, otherwise read; in both cases up to its size when it
// was opened. Anything else (pipe, device, stored elsewhere) is streamed. Input
// that is compressed in a way that layers.cc lists, up to two layers deep, is
// decompressed, within `limits`.
//
// Fails with kIo if the file cannot be opened or is a directory, and with
// kContainer for a third layer. A 7-Zip archive, which starts with a reference
// to its end, also fails unless it is a regular or stored file or in memory.
//
// A mapped file keeps its descriptor; files of less than `min_mapped` bytes are
// read instead, for programs that have many of them open at a time. What is not
// mapped is read into buffers of `pool`, which inputs may share. Of an archive,
// the members that pass `filter` are inputs. A request of `stop` ends reads
// that wait for a pipe or a terminal, as if the input had ended.
//
// Only the bytes of `range` are read; offsets are those in the file. If it does
// not begin the file, its bytes are the container's: layers and archives are
// not looked for (open_split.h does). Fails with kIo, and the file's size as
// offset, if the file is shorter, and for anything but a regular file.
Result<Input> OpenInput(
    const std::string& path, bool use_mmap, uint64_t min_mapped = 0,
    const ExpansionLimits& limits = {},
    std::shared_ptr<BufferPool> pool = std::make_shared<BufferPool>(),
    const NameFilter& filter = NameFilter(), std::stop_token stop = {},
    const ByteRange& range = {});

// The same for an input in memory, which must outlive the result and its
// segments. Its name in errors is "memory".
Result<Input> OpenMemory(Bytes content, const ExpansionLimits& limits = {},
                         const NameFilter& filter = NameFilter());

}  // namespace thresh

#endif  // THRESH_INPUT_OPEN_H_
