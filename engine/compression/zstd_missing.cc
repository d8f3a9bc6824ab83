// In a build without libzstd.
#include "compression/missing_decoder.h"
#include "compression/zstd_codec.h"

namespace thresh {

bool StartsZstdFrame(Bytes /*head*/) { return true; }

std::unique_ptr<LayerDecoder> OpenZstd() {
  return std::make_unique<MissingDecoder>("zstd", "libzstd");
}

}  // namespace thresh
