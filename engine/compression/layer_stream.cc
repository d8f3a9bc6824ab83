// See the header. An error's offset is, as all offsets are, of the decompressed
// bytes; so its message states the place in the compressed ones.
#include "compression/layer_stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/errors.h"

namespace thresh {

LayerStream::LayerStream(std::unique_ptr<ByteStream> source, const Layer& layer,
                         std::string file, const ExpansionLimits& limits)
    : input_(std::move(source)),
      name_(layer.name),
      file_(std::move(file)),
      limits_(limits),
      decoder_(layer.open()) {}

std::optional<uint64_t> LayerStream::compressed_offset() const {
  const std::optional<uint64_t> below = input_.source().compressed_offset();
  return below.has_value() ? *below : input_.offset();
}

size_t LayerStream::Read(std::span<uint8_t> out) {
  // Once the limit is reached, one byte more shows whether the content ends
  // here.
  std::array<uint8_t, 1> excess;
  const uint64_t allowed = limits_.bytes - delivered_;
  const std::span<uint8_t> room =
      allowed == 0 ? excess
                   : out.first(static_cast<size_t>(
                         std::min<uint64_t>(out.size(), allowed)));
  size_t produced = 0;
  starts_file_ = false;
  while (!done_ && produced == 0) {
    const LayerStep step = decoder_->Decode(&input_, room);
    produced = step.produced;
    starts_file_ |= step.starts_file && delivered_ > 0;
    if (allowed == 0 && produced > 0) {
      Fail(TooManyBytes(limits_));
      return 0;
    }
    delivered_ += produced;
    if (step.state != LayerStep::State::kGoOn)
      Finish(step);
    else
      CheckRatio();
  }
  return produced;
}

void LayerStream::CheckRatio() {
  if (limits_.ExceedsRatio(delivered_, compressed_offset().value_or(0))) {
    Fail(TooHighRatio(limits_));
  }
}

void LayerStream::Finish(const LayerStep& step) {
  using State = LayerStep::State;
  const std::optional<Error>& below = input_.source().error();
  switch (step.state) {
    case State::kGoOn:
      return;
    case State::kEnd:
      done_ = true;
      if (below.has_value()) FinishBy(*below);
      return;
    case State::kCut:
      if (input_.out_of_memory()) break;
      if (below.has_value()) return FinishBy(*below);
      return Fail(ContainerError(name_ + " data is cut off",
                                 "fetch the file again; it is not complete"));
    case State::kTrailing:
      return Fail(ContainerError(
          "bytes follow the " + name_ + " data that are not " + name_,
          "remove them, or decompress the file with a tool that ignores them"));
    case State::kDamaged:
      return Fail(ContainerError(name_ + " data is damaged: " + step.problem,
                                 "fetch or make the file again"));
    case State::kRefused:
      return Fail(ContainerError(step.problem + " cannot be read",
                                 "decompress it first"));
    case State::kNoMemory:
      break;
  }
  Fail(IoError(file_, "no memory to decompress " + name_,
               "free some memory, or decompress it first"));
}

// The layer's data ends because its source does. An error of a layer below
// already has its place.
void LayerStream::FinishBy(const Error& below) {
  if (!input_.source().compressed_offset().has_value()) {
    return Fail(below);
  }
  done_ = true;
  error_ = below;
  error_->file = file_;
  error_->offset = delivered_;
}

void LayerStream::Fail(Error error) {
  const bool is_inside = input_.source().compressed_offset().has_value();
  const std::string data =
      is_inside ? name_ + " data inside" : "compressed data";
  done_ = true;
  error.file = file_;
  error.offset = delivered_;
  error.message +=
      " (at byte " + std::to_string(input_.offset()) + " of the " + data + ")";
  error_ = std::move(error);
}

}  // namespace thresh
