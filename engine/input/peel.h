// Removes all layers of compression of an input, down to a container or an
// archive.
#ifndef THRESH_INPUT_PEEL_H_
#define THRESH_INPUT_PEEL_H_

#include <memory>
#include <string>

#include "compression/expansion_limits.h"
#include "input/archive_format.h"
#include "io/byte_stream.h"
#include "thresh/result.h"

namespace thresh {

// An input without its layers.
struct Peeled {
  std::unique_ptr<ByteStream> content;
  const ArchiveFormat* archive = nullptr;  // that the content is, if it is one
  bool had_layers = false;
};

// `stream` without its layers; it may have at most two. A third is a
// kContainer error. `file` is the input's name in errors.
Result<Peeled> TakeLayersOff(std::unique_ptr<ByteStream> stream,
                             const std::string& file,
                             const ExpansionLimits& limits);

}  // namespace thresh

#endif  // THRESH_INPUT_PEEL_H_
