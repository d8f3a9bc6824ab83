// Takes off whatever layers an input shows.
#ifndef THRESH_INPUT_LAYERS_H_
#define THRESH_INPUT_LAYERS_H_

#include <memory>
#include <string>

#include "input/byte_stream.h"
#include "input/layer.h"
#include "input/layer_stream.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

// The layer that `input`, a whole one, shows; null if it shows none.
const Layer* FindLayer(Bytes input);

// `stream` without its layers, of which there may be up to two. A third is a
// kContainer error. `file` is the input's name in errors.
Result<std::unique_ptr<ByteStream>> TakeLayersOff(
    std::unique_ptr<ByteStream> stream, const std::string& file,
    const ExpansionLimits& limits);

}  // namespace thresh

#endif  // THRESH_INPUT_LAYERS_H_
