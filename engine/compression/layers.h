// The table of layers: forms of compression that are recognised by their first
// bytes.
#ifndef THRESH_COMPRESSION_LAYERS_H_
#define THRESH_COMPRESSION_LAYERS_H_

#include "compression/layer.h"
#include "io/byte_stream.h"
#include "thresh/bytes.h"

namespace thresh {

// The layer that `input`, a whole one, shows; null if it shows none.
const Layer* FindLayer(Bytes input);
// The same for what `stream`, of which nothing has been read, begins with.
const Layer* FindLayer(PeekedStream* stream);

}  // namespace thresh

#endif  // THRESH_COMPRESSION_LAYERS_H_
