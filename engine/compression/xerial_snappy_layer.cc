// The framing of snappy-java's streams, as Kafka and Spark write it: a header
// of magic and two version numbers, then raw snappy blocks, each after its
// length. Streams back to back repeat the header. There are no checksums.
#include <algorithm>
#include <array>

#include "base/byte_order.h"
#include "compression/layer.h"
#include "compression/snappy_block.h"

namespace thresh {
namespace {

constexpr std::array<uint8_t, 8> kXerialMagic = {0x82, 'S', 'N', 'A',
                                                 'P',  'P', 'Y', 0};
constexpr size_t kHeaderSize =
    kXerialMagic.size() + 8;  // two numbers, big endian
constexpr size_t kBlockLengthSize = 4;

bool LooksXerial(Bytes head, bool /*complete*/) {
  return head.size() >= kXerialMagic.size() &&
         std::equal(kXerialMagic.begin(), kXerialMagic.end(), head.begin());
}

class XerialDecoder final : public LayerDecoder {
 public:
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out) override {
    if (content_.pending()) return content_.Deliver(out);
    Bytes next = input->Peek(kBlockLengthSize);
    if (next.empty()) return LayerStep::Of(LayerStep::State::kEnd);
    if (next.size() < kBlockLengthSize)
      return LayerStep::Of(LayerStep::State::kCut);
    if (next[0] == kXerialMagic[0]) return TakeHeader(input);
    const size_t size = LoadBe<uint32_t>(next.data());
    if (size > kMaxSnappyBlock) {
      return LayerStep::Damaged("a block of it claims " + std::to_string(size) +
                                " bytes");
    }
    next = input->Peek(kBlockLengthSize + size).subspan(kBlockLengthSize);
    if (next.size() < size) return content_.DecodeStart(next, out);
    LayerStep step = content_.Decode(next.first(size), out);
    if (step.state == LayerStep::State::kGoOn) {
      input->Consume(kBlockLengthSize + size);
    }
    return step;
  }

 private:
  static LayerStep TakeHeader(LayerInput* input) {
    const Bytes header = input->Peek(kHeaderSize);
    if (header.size() < kHeaderSize)
      return LayerStep::Of(LayerStep::State::kCut);
    if (!LooksXerial(header, /*complete=*/true)) {
      return LayerStep::Damaged("a header in it is wrong");
    }
    input->Consume(kHeaderSize);
    return {};
  }

  SnappyContent content_;
};

std::unique_ptr<LayerDecoder> OpenXerial() {
  return std::make_unique<XerialDecoder>();
}

}  // namespace

constinit const Layer kXerialSnappyLayer = {
    "xerial snappy", kXerialMagic.size(), LooksXerial, OpenXerial};

}  // namespace thresh
