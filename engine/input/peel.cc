// See peel.h. An archive has no layers itself: its members have.
#include "input/peel.h"

#include <utility>
#include <vector>

#include "base/errors.h"
#include "compression/layer_stream.h"
#include "compression/layers.h"

namespace thresh {
namespace {

constexpr size_t kMaxLayers = 2;

Error TooManyLayers(const std::vector<const Layer*>& found,
                    const std::string& file) {
  std::string nesting;
  for (const Layer* layer : found) {
    if (!nesting.empty()) nesting.insert(0, " within ");
    nesting.insert(0, layer->name);
  }
  return InputError(file, 0, nesting,
                    "decompress the file once and name the result");
}

}  // namespace

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
