#include "compression/snappy_codec.h"

#include <snappy.h>

namespace thresh {
namespace {

const char* Chars(Bytes bytes) { return AsText(bytes).data(); }

}  // namespace

bool IsSnappyBlock(Bytes block) {
  return snappy::IsValidCompressedBuffer(Chars(block), block.size());
}

LayerStep UncompressSnappy(Bytes block, uint8_t* out) {
  return snappy::RawUncompress(Chars(block), block.size(),
                               reinterpret_cast<char*>(out))
             ? LayerStep()
             : BadSnappyBlock();
}

}  // namespace thresh
