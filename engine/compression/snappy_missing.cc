// In a build without libsnappy.
#include "compression/missing_decoder.h"
#include "compression/snappy_block.h"
#include "compression/snappy_codec.h"

namespace thresh {

// Its elements agree with each other and with its size, as far as they show.
bool IsSnappyBlock(Bytes block) { return IsSnappyBlockStart(block); }

LayerStep UncompressSnappy(Bytes /*block*/, uint8_t* /*out*/) {
  return Missing("snappy", "libsnappy");
}

}  // namespace thresh
