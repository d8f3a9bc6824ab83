// The table of layers: forms of compression that are recognized by their first
// bytes.
#ifndef THRESH_COMPRESSION_LAYERS_H_
#define THRESH_COMPRESSION_LAYERS_H_

#include "compression/layer.h"
#include "io/byte_stream.h"
#include "thresh/bytes.h"

namespace thresh {

// The layer of `input`, a whole one; null if there is none.
const Layer* FindLayer(Bytes input);
// The same for the start of `stream`, of which nothing has been read.
const Layer* FindLayer(PeekedStream* stream);

}  // namespace thresh

#endif  // THRESH_COMPRESSION_LAYERS_H_
