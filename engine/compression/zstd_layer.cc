// Zstandard: frames back to back, some of them skippable. libzstd decodes; this
// file passes it input so that nothing is lost at damage: a call that fails
// does not report what it wrote before, so each gets at most one block.
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>

#include "base/byte_order.h"
#include "compression/layer.h"

namespace thresh {
namespace {

constexpr size_t kZstdSniffBytes = size_t{64} << 10;
constexpr uint32_t kZstdMagic = 0xFD2FB528;
constexpr size_t kMagicSize = 4;
constexpr size_t kSkippableHeader = 8;  // a magic and the length of the rest
constexpr size_t kBlockHeader = 3;
constexpr size_t kLongestStart = 18 + kBlockHeader;  // frame and block header

bool IsSkippable(uint32_t magic) { return (magic & ~0xFU) == 0x184D2A50; }

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

// Whether a frame's header and the first block's after it are valid, as far as
// available.
bool StartsFrame(Bytes head) {
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

bool LooksZstd(Bytes head, bool /*complete*/) {
  if (head.size() < kMagicSize) return false;
  while (head.size() >= kSkippableHeader &&
         IsSkippable(LoadLe<uint32_t>(head.data()))) {
    const size_t size = kSkippableHeader + LoadLe<uint32_t>(&head[kMagicSize]);
    // Other formats have skippable frames too, but begin with those of their
    // own.
    if (size > head.size()) return true;
    head = head.subspan(size);
  }
  if (head.size() < kMagicSize) return true;
  const auto magic = LoadLe<uint32_t>(head.data());
  return IsSkippable(magic) || (magic == kZstdMagic && StartsFrame(head));
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
    const Bytes view = input->Peek(kMagicSize);
    if (view.empty()) return LayerStep::Of(LayerStep::State::kEnd);
    if (view.size() < kMagicSize) return LayerStep::Of(LayerStep::State::kCut);
    const auto magic = LoadLe<uint32_t>(view.data());
    if (magic != kZstdMagic && !IsSkippable(magic)) {
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
      return {LayerStep::State::kRefused, 0, reason};
    }
    return LayerStep::Damaged(ZSTD_getErrorName(code));
  }

  Context context_{ZSTD_createDCtx()};
  bool between_frames_ = true;
  bool more_to_flush_ = false;  // the last call may have lacked room
  size_t feed_ = 1;             // the most input that the next call is given
};

std::unique_ptr<LayerDecoder> OpenZstd() {
  return std::make_unique<ZstdDecoder>();
}

}  // namespace

constinit const Layer kZstdLayer = {"zstd", kZstdSniffBytes, LooksZstd,
                                    OpenZstd};

}  // namespace thresh
