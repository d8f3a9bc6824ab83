// The compressed input of a layer's decoder: a few contiguous bytes to examine,
// and an offset in the input for errors.
#ifndef THRESH_COMPRESSION_LAYER_INPUT_H_
#define THRESH_COMPRESSION_LAYER_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "io/buffer_pool.h"
#include "io/byte_stream.h"
#include "thresh/bytes.h"

namespace thresh {

class LayerInput {
 public:
  explicit LayerInput(std::unique_ptr<ByteStream> source)
      : source_(std::move(source)) {}

  // The next bytes, at least `size` of them; fewer only if the input ends
  // earlier. Does not wait for more. Valid until the next call.
  Bytes Peek(size_t size);

  // The bytes that Peek has read so far and that are not consumed.
  [[nodiscard]] Bytes buffered() const {
    return buffer_.filled().subspan(begin_);
  }

  // Consumes the first `size` of the buffered bytes.
  void Consume(size_t size) {
    begin_ += size;
    offset_ += size;
  }

  // Consumes up to `size` bytes, buffered or not, and returns how many: fewer
  // only if the input ends earlier.
  uint64_t Skip(uint64_t size);

  // Bytes consumed so far.
  [[nodiscard]] uint64_t offset() const { return offset_; }

  // Whether Peek failed because memory was out.
  [[nodiscard]] bool out_of_memory() const { return out_of_memory_; }

  [[nodiscard]] const ByteStream& source() const { return *source_; }

 private:
  [[nodiscard]] bool MakeRoom(size_t size);

  std::unique_ptr<ByteStream> source_;
  Buffer buffer_;
  size_t begin_ = 0;  // in buffer_
  uint64_t offset_ = 0;
  bool ended_ = false;
  bool out_of_memory_ = false;
};

}  // namespace thresh

#endif  // THRESH_COMPRESSION_LAYER_INPUT_H_
