// Decoding of zstd by libzstd. zstd_missing.cc takes the place of zstd_codec.cc
// in a build without that library.
#ifndef THRESH_COMPRESSION_ZSTD_CODEC_H_
#define THRESH_COMPRESSION_ZSTD_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "compression/layer.h"
#include "thresh/bytes.h"

namespace thresh {

inline constexpr uint32_t kZstdMagic = 0xFD2FB528;
inline constexpr size_t kZstdMagicSize = 4;
// A magic and the length of the rest.
inline constexpr size_t kZstdSkippableHeader = 8;

constexpr bool IsSkippableZstd(uint32_t magic) {
  return (magic & ~0xFU) == 0x184D2A50;
}

// Whether a frame's header, at the start of `head`, and the first block's after
// it are valid, as far as available.
bool StartsZstdFrame(Bytes head);

std::unique_ptr<LayerDecoder> OpenZstd();

}  // namespace thresh

#endif  // THRESH_COMPRESSION_ZSTD_CODEC_H_
