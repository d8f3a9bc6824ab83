// The table of layers.
#include "compression/layers.h"

#include <algorithm>
#include <array>

namespace thresh {
namespace {

// In the order in which they are tried; no two share a beginning.
constexpr std::array<const Layer*, 5> kLayers = {
    &kGzipLayer, &kZstdLayer, &kFramedSnappyLayer, &kXerialSnappyLayer,
    &kHadoopSnappyLayer};

// Usually enough to rule out each layer. A pipe's writer may be slow, so no
// more is requested without need.
constexpr size_t kFirstLook = 16;

}  // namespace

const Layer* FindLayer(Bytes input) {
  const auto* found =
      std::ranges::find_if(kLayers, [input](const Layer* layer) {
        return layer->recognize(
            input.first(std::min(input.size(), layer->sniff_bytes)),
            /*complete=*/true);
      });
  return found == kLayers.end() ? nullptr : *found;
}

const Layer* FindLayer(PeekedStream* stream) {
  for (const Layer* layer : kLayers) {
    if (layer->recognize(stream->Peek(kFirstLook), /*complete=*/false) &&
        layer->recognize(stream->Peek(layer->sniff_bytes), /*complete=*/true)) {
      return layer;
    }
  }
  return nullptr;
}

}  // namespace thresh
