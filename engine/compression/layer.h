// A layer: compression of a container, recognized by its first bytes and
// removed while the input is read. This is the interface between the layers,
// each in a separate file, and layer_stream, which makes a stream of any one.
#ifndef THRESH_COMPRESSION_LAYER_H_
#define THRESH_COMPRESSION_LAYER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "compression/layer_input.h"
#include "thresh/bytes.h"

namespace thresh {

// The result of one call of LayerDecoder::Decode.
struct LayerStep {
  enum class State : uint8_t {
    kGoOn,      // call again
    kEnd,       // the input has ended at a valid place
    kCut,       // the input has ended early
    kTrailing,  // what follows in the input is not of this layer
    kDamaged,   // the data contradicts itself: `problem`
    kRefused,   // the data may be valid, but cannot be read: `problem`
    kNoMemory,
  };

  State state = State::kGoOn;
  size_t produced = 0;  // bytes at the start of `out`, valid in every state
  std::string problem;
  // The next output begins another file, which was compressed separately and
  // appended.
  bool starts_file = false;

  static LayerStep Produced(size_t size) {
    return {.state = State::kGoOn, .produced = size, .problem = {}};
  }
  static LayerStep Damaged(std::string problem) {
    return {.state = State::kDamaged, .problem = std::move(problem)};
  }
  // `data` describes it, as in "zstd data that needs a dictionary".
  static LayerStep Refused(const std::string& data) {
    return {.state = State::kRefused, .problem = data + " cannot be read"};
  }
  // Only the state.
  static LayerStep Of(State state) { return {.state = state, .problem = {}}; }
};

class LayerDecoder {
 public:
  virtual ~LayerDecoder() = default;

  // Takes bytes from `input` and writes their content to `out`, which is not
  // empty. A call that returns kGoOn has written or consumed something; no call
  // follows any other state. On kDamaged, kRefused and kTrailing `input` is
  // near the place, which the error names.
  virtual LayerStep Decode(LayerInput* input, std::span<uint8_t> out) = 0;
};

struct Layer {
  std::string_view name;  // as in errors

  // The number of bytes of an input that `recognize` can use.
  size_t sniff_bytes;

  // Whether an input that begins with `head` shows this layer. `complete`: the
  // head has sniff_bytes, or is the whole input. If not, more is available:
  // then false means that more would not help. A layer that is damaged or
  // truncated is still recognized, unless so near its start that it might be
  // chance.
  bool (*recognize)(Bytes head, bool complete);

  std::unique_ptr<LayerDecoder> (*open)();
};

// Each is in the file of its name; layers.cc has the table.
extern const Layer kGzipLayer;
extern const Layer kZstdLayer;
extern const Layer kFramedSnappyLayer;
extern const Layer kXerialSnappyLayer;
extern const Layer kHadoopSnappyLayer;

}  // namespace thresh

#endif  // THRESH_COMPRESSION_LAYER_H_
