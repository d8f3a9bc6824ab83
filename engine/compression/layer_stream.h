// A stream with one layer removed. The common parts of the layers are here: the
// text of errors, and the limits of expansion.
#ifndef THRESH_COMPRESSION_LAYER_STREAM_H_
#define THRESH_COMPRESSION_LAYER_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "compression/expansion_limits.h"
#include "compression/layer.h"
#include "compression/layer_input.h"
#include "io/byte_stream.h"

namespace thresh {

// If the data is truncated, damaged, followed by something else or too large,
// the stream ends with an error at the decompressed offset, after every byte
// that could be decompressed. (Some of the last ones may be damaged if a
// checksum is only at the end of a member.)
class LayerStream final : public ByteStream {
 public:
  // `file` is the input's name in errors.
  LayerStream(std::unique_ptr<ByteStream> source, const Layer& layer,
              std::string file, const ExpansionLimits& limits);

  size_t Read(std::span<uint8_t> out) override;
  [[nodiscard]] bool starts_file() const override { return starts_file_; }
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }
  // Counts bytes of the stored file, whether or not there is a layer below.
  [[nodiscard]] std::optional<uint64_t> compressed_offset() const override;

 private:
  void CheckRatio();
  void Finish(const LayerStep& step);
  void FinishBy(const Error& below);
  // Ends the stream with `error`, whose place it adds.
  void Fail(Error error);

  LayerInput input_;
  std::string name_;  // of the layer
  std::string file_;
  ExpansionLimits limits_;
  std::unique_ptr<LayerDecoder> decoder_;
  uint64_t delivered_ = 0;  // bytes returned by Read so far
  bool starts_file_ = false;
  bool done_ = false;
  std::optional<Error> error_;
};

}  // namespace thresh

#endif  // THRESH_COMPRESSION_LAYER_STREAM_H_
