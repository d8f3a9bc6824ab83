// The table of layers, and how many of them come off. What an archive is has no
// layers: they are its members'.
#include "input/layers.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace thresh {
namespace {

constexpr size_t kMaxLayers = 2;

// In the order in which they are tried; no two share a beginning.
constexpr std::array<const Layer*, 5> kLayers = {
    &kGzipLayer, &kZstdLayer, &kFramedSnappyLayer, &kXerialSnappyLayer,
    &kHadoopSnappyLayer};

// Enough to rule each layer out as a rule. A pipe's writer may be in no hurry,
// so no more is asked for without need.
constexpr size_t kFirstLook = 16;

const Layer* FindLayer(PeekedStream* stream) {
  for (const Layer* layer : kLayers) {
    if (layer->recognise(stream->Peek(kFirstLook), /*complete=*/false) &&
        layer->recognise(stream->Peek(layer->sniff_bytes), /*complete=*/true)) {
      return layer;
    }
  }
  return nullptr;
}

Error TooManyLayers(const std::vector<const Layer*>& found,
                    const std::string& file) {
  std::string nesting;
  for (const Layer* layer : found) {
    if (!nesting.empty()) nesting.insert(0, " within ");
    nesting.insert(0, layer->name);
  }
  return {.code = ErrorCode::kContainer,
          .file = file,
          .offset = 0,
          .message = nesting,
          .remedy = "decompress the file once and name the result"};
}

}  // namespace

const Layer* FindLayer(Bytes input) {
  const auto* found =
      std::ranges::find_if(kLayers, [input](const Layer* layer) {
        return layer->recognise(
            input.first(std::min(input.size(), layer->sniff_bytes)),
            /*complete=*/true);
      });
  return found == kLayers.end() ? nullptr : *found;
}

Result<Peeled> TakeLayersOff(std::unique_ptr<ByteStream> stream,
                             const std::string& file,
                             const ExpansionLimits& limits) {
  std::vector<const Layer*> found;
  while (true) {
    auto peeked = std::make_unique<PeekedStream>(std::move(stream));
    const ArchiveFormat* archive =
        FindArchive(peeked->Peek(kArchiveSniffBytes));
    const Layer* layer = archive == nullptr ? FindLayer(peeked.get()) : nullptr;
    if (layer == nullptr) {
      return Peeled{std::move(peeked), archive, !found.empty()};
    }
    found.push_back(layer);
    if (found.size() > kMaxLayers) {
      return tl::unexpected(TooManyLayers(found, file));
    }
    stream =
        std::make_unique<LayerStream>(std::move(peeked), *layer, file, limits);
  }
}

}  // namespace thresh
