// Refuses data that is recognized and whose library the build does not have.
#ifndef THRESH_COMPRESSION_MISSING_DECODER_H_
#define THRESH_COMPRESSION_MISSING_DECODER_H_

#include <span>
#include <string>
#include <string_view>

#include "compression/layer.h"

namespace thresh {

inline LayerStep Missing(std::string_view format, std::string_view library) {
  LayerStep step = LayerStep::Of(LayerStep::State::kRefused);
  step.problem.append(format)
      .append(" data cannot be read: this build of thresh has no ")
      .append(library);
  return step;
}

class MissingDecoder final : public LayerDecoder {
 public:
  // Both must outlive it.
  MissingDecoder(std::string_view format, std::string_view library)
      : format_(format), library_(library) {}

  LayerStep Decode(LayerInput* /*input*/, std::span<uint8_t> /*out*/) override {
    return Missing(format_, library_);
  }

 private:
  std::string_view format_;
  std::string_view library_;
};

}  // namespace thresh

#endif  // THRESH_COMPRESSION_MISSING_DECODER_H_
