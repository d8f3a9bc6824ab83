// Passes input to libzstd so that nothing is lost at damage: a call that fails
// does not report what it wrote before, so each gets at most one block.
#include "compression/zstd_codec.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>

#include "base/byte_order.h"

namespace thresh {
namespace {

constexpr size_t kBlockHeader = 3;
constexpr size_t kLongestStart = 18 + kBlockHeader;  // frame and block header

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
using Context = std::unique_ptr<ZSTD_DCtx, FreeContext>;

// Data that may be valid zstd, but is rejected by libzstd as it is used here.
const char* WhyRefused(size_t code) {
  switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_frameParameter_windowTooLarge:
      return "zstd data with a window of more than 128 MiB";
    case ZSTD_error_dictionary_wrong:
      return "zstd data that needs a dictionary";
    default:
      return nullptr;
  }
}

class ZstdDecoder final : public LayerDecoder {
 public:
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out) override {
    if (context_ == nullptr) return LayerStep::Of(LayerStep::State::kNoMemory);
    if (between_frames_) {
      const LayerStep step = StartFrame(input);
      if (step.state != LayerStep::State::kGoOn) return step;
    }
    const Bytes view = more_to_flush_ ? Bytes() : input->Peek(1);
    ZSTD_inBuffer in = {view.data(), std::min(view.size(), feed_), 0};
    ZSTD_outBuffer written = {out.data(), out.size(), 0};
    const size_t code = ZSTD_decompressStream(context_.get(), &written, &in);
    if (ZSTD_isError(code) != 0) return Failure(code);
    input->Consume(in.pos);
    between_frames_ = code == 0;
    // libzstd requests the next block and the header after it, but an error in
    // the header must not lose the block.
    feed_ = code > kBlockHeader ? code - kBlockHeader : 1;
    const bool stands_still = written.pos == 0 && view.empty();
    LayerStep step = LayerStep::Produced(written.pos);
    if (stands_still && !more_to_flush_) step.state = LayerStep::State::kCut;
    more_to_flush_ = !between_frames_ && written.pos == out.size();
    return step;
  }

 private:
  LayerStep StartFrame(LayerInput* input) {
    const Bytes view = input->Peek(kZstdMagicSize);
    if (view.empty()) return LayerStep::Of(LayerStep::State::kEnd);
    if (view.size() < kZstdMagicSize)
      return LayerStep::Of(LayerStep::State::kCut);
    const auto magic = LoadLe<uint32_t>(view.data());
    if (magic != kZstdMagic && !IsSkippableZstd(magic)) {
      return LayerStep::Of(LayerStep::State::kTrailing);
    }
    between_frames_ = false;
    feed_ = 1;
    return {};
  }

  static LayerStep Failure(size_t code) {
    if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) {
      return LayerStep::Of(LayerStep::State::kNoMemory);
    }
    if (const char* reason = WhyRefused(code)) {
      return LayerStep::Refused(reason);
    }
    return LayerStep::Damaged(ZSTD_getErrorName(code));
  }

  Context context_{ZSTD_createDCtx()};
  bool between_frames_ = true;
  bool more_to_flush_ = false;  // the last call may have lacked room
  size_t feed_ = 1;             // the most input that the next call is given
};

}  // namespace

bool StartsZstdFrame(Bytes head) {
  const Context context(ZSTD_createDCtx());
  if (context == nullptr) return true;
  std::array<uint8_t, 64> nowhere;
  for (const uint8_t& byte : head.first(std::min(head.size(), kLongestStart))) {
    ZSTD_inBuffer in = {&byte, 1, 0};
    ZSTD_outBuffer out = {nowhere.data(), nowhere.size(), 0};
    const size_t code = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(code) != 0) return WhyRefused(code) != nullptr;
    if (code == 0) break;  // all of a frame
  }
  return true;
}

std::unique_ptr<LayerDecoder> OpenZstd() {
  return std::make_unique<ZstdDecoder>();
}

}  // namespace thresh
