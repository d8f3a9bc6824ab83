// Decoding of raw snappy by libsnappy. snappy_missing.cc takes the place of
// snappy_codec.cc in a build without that library.
#ifndef THRESH_COMPRESSION_SNAPPY_CODEC_H_
#define THRESH_COMPRESSION_SNAPPY_CODEC_H_

#include <cstdint>

#include "compression/layer.h"
#include "thresh/bytes.h"

namespace thresh {

// Whether `block`, a whole one, can be decoded.
bool IsSnappyBlock(Bytes block);

// Decodes `block`, a whole one, to `out`, which has room for its content. The
// state is kGoOn if it was decoded.
LayerStep UncompressSnappy(Bytes block, uint8_t* out);

inline LayerStep BadSnappyBlock() {
  return LayerStep::Damaged("a block of it cannot be decoded");
}

}  // namespace thresh

#endif  // THRESH_COMPRESSION_SNAPPY_CODEC_H_
