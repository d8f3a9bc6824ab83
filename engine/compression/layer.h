// What a layer is: compression around a container, known by its first bytes and
// taken off while the input is read. This is the interface between the layers,
// each in a file of its own, and layer_stream, which makes a stream of any one.
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

// What one call of LayerDecoder::Decode has done.
struct LayerStep {
  enum class State : uint8_t {
    kGoOn,      // call again
    kEnd,       // the input has ended where it may
    kCut,       // the input has ended where it may not
    kTrailing,  // what follows in the input is not of this layer
    kDamaged,   // the data contradicts itself: `problem`
    kRefused,   // the data may be sound, but cannot be read: `problem`
    kNoMemory,
  };

  State state = State::kGoOn;
  size_t produced = 0;  // bytes at the start of `out`, good whatever the state
  std::string problem;
  // What is produced next begins a file of its own, which was compressed by
  // itself and appended.
  bool starts_file = false;

  static LayerStep Produced(size_t size) {
    return {.state = State::kGoOn, .produced = size, .problem = {}};
  }
  static LayerStep Damaged(std::string problem) {
    return {.state = State::kDamaged, .problem = std::move(problem)};
  }
  // The state alone.
  static LayerStep Of(State state) { return {.state = state, .problem = {}}; }
};

class LayerDecoder {
 public:
  virtual ~LayerDecoder() = default;

  // Takes bytes from `input` and writes what they stand for to `out`, which is
  // not empty. A call that asks to go on has written or consumed something; no
  // call follows one that does not. On kDamaged, kRefused and kTrailing `input`
  // stands near the place, for the error to name it.
  virtual LayerStep Decode(LayerInput* input, std::span<uint8_t> out) = 0;
};

struct Layer {
  std::string_view name;  // as errors call it

  // As many bytes of an input as `recognise` makes good use of.
  size_t sniff_bytes;

  // Whether an input that begins with `head` shows this layer. `complete`: the
  // head has sniff_bytes, or is the whole input. If not, more can be had: then
  // false says that more would not help. A layer that is damaged or cut, but
  // not so near its start that it might be chance, is one still.
  bool (*recognise)(Bytes head, bool complete);

  std::unique_ptr<LayerDecoder> (*open)();
};

// Each in the file of its name; layers.cc has the table.
extern const Layer kGzipLayer;
extern const Layer kZstdLayer;
extern const Layer kFramedSnappyLayer;
extern const Layer kXerialSnappyLayer;
extern const Layer kHadoopSnappyLayer;

}  // namespace thresh

#endif  // THRESH_COMPRESSION_LAYER_H_
