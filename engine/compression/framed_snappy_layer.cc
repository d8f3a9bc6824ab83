// Snappy's own framing format: chunks of at most 64 KiB of content after their
// type and length, each with a checksum.
#include <isa-l/crc.h>

#include <algorithm>
#include <array>

#include "base/byte_order.h"
#include "compression/layer.h"
#include "compression/snappy_block.h"

namespace thresh {
namespace {

constexpr std::array<uint8_t, 10> kStreamIdentifier = {
    0xFF, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};
constexpr size_t kChunkHeader = 4;  // type, and length in three bytes
constexpr size_t kChecksumSize = 4;
constexpr size_t kMaxContent = size_t{64} << 10;
// The largest compressed size of that content.
constexpr size_t kMaxBlock = 32 + kMaxContent + kMaxContent / 6;

// Types of chunks.
constexpr uint8_t kCompressed = 0x00;
constexpr uint8_t kUncompressed = 0x01;
constexpr uint8_t kFirstSkippable = 0x80;  // 0xFE, padding, is one of them
constexpr uint8_t kIdentifier = 0xFF;

bool LooksFramed(Bytes head, bool /*complete*/) {
  return head.size() >= kStreamIdentifier.size() &&
         std::equal(kStreamIdentifier.begin(), kStreamIdentifier.end(),
                    head.begin());
}

// As the format defines it: checksums of data that contains checksums are weak,
// so they are masked.
uint32_t MaskedCrc32c(Bytes content) {
  // The library takes a pointer that it does not write through.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  auto* const data = const_cast<uint8_t*>(content.data());
  const uint32_t crc =
      ~crc32_iscsi(data, static_cast<int>(content.size()), ~0U);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
}

LayerStep Cut() { return LayerStep::Of(LayerStep::State::kCut); }

class FramedDecoder final : public LayerDecoder {
 public:
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out) override {
    if (delivered_ < content_.size()) return Deliver(out);
    const Bytes header = input->Peek(kChunkHeader);
    if (header.empty()) return LayerStep::Of(LayerStep::State::kEnd);
    if (header.size() < kChunkHeader) return Cut();
    const uint8_t type = header[0];
    const auto size = static_cast<size_t>(LoadLe(&header[1], 3));
    if (type == kIdentifier) return TakeIdentifier(input);
    if (type >= kFirstSkippable) {
      const uint64_t skipped = input->Skip(kChunkHeader + size);
      return skipped < kChunkHeader + size ? Cut() : LayerStep();
    }
    if (type != kCompressed && type != kUncompressed) {
      return {LayerStep::State::kRefused, 0,
              "framed snappy with a chunk of type " + std::to_string(type)};
    }
    if (size < kChecksumSize || size > kChecksumSize + kMaxBlock) {
      return LayerStep::Damaged("a chunk of it has a wrong length");
    }
    const Bytes chunk = input->Peek(kChunkHeader + size);
    if (chunk.size() < kChunkHeader + size) return Cut();
    LayerStep step = TakeData(chunk.subspan(kChunkHeader, size), type);
    if (step.state != LayerStep::State::kGoOn) return step;
    input->Consume(kChunkHeader + size);
    return Deliver(out);
  }

 private:
  static LayerStep TakeIdentifier(LayerInput* input) {
    const Bytes next = input->Peek(kStreamIdentifier.size());
    if (next.size() < kStreamIdentifier.size()) return Cut();
    if (!LooksFramed(next, /*complete=*/true)) {
      return LayerStep::Damaged("a stream identifier in it is wrong");
    }
    input->Consume(kStreamIdentifier.size());
    return {};
  }

  // `chunk`: the checksum and the data after it. Fills content_.
  LayerStep TakeData(Bytes chunk, uint8_t type) {
    const Bytes data = chunk.subspan(kChecksumSize);
    const size_t size = type == kUncompressed
                            ? data.size()
                            : SnappyContentSize(data).value_or(SIZE_MAX);
    if (size > kMaxContent) {
      return LayerStep::Damaged("a chunk of it has a wrong length");
    }
    delivered_ = 0;
    if (type == kUncompressed) {
      std::ranges::copy(data, buffer_.begin());
    } else {
      const LayerStep step = decoder_.Decode(data, buffer_);
      if (step.state != LayerStep::State::kGoOn) return step;
    }
    content_ = Bytes(buffer_).first(size);
    if (MaskedCrc32c(content_) != LoadLe<uint32_t>(chunk.data())) {
      content_ = {};
      return LayerStep::Damaged("incorrect data check");
    }
    return {};
  }

  LayerStep Deliver(std::span<uint8_t> out) {
    const size_t size = std::min(out.size(), content_.size() - delivered_);
    std::copy_n(content_.data() + delivered_, size, out.data());
    delivered_ += size;
    return LayerStep::Produced(size);
  }

  // Content is checked before any of it is returned, and is so small that the
  // copy stays in cache.
  std::array<uint8_t, kMaxContent> buffer_;
  Bytes content_;
  size_t delivered_ = 0;
  SnappyContent decoder_;
};

std::unique_ptr<LayerDecoder> OpenFramed() {
  return std::make_unique<FramedDecoder>();
}

}  // namespace

constinit const Layer kFramedSnappyLayer = {
    "framed snappy", kStreamIdentifier.size(), LooksFramed, OpenFramed};

}  // namespace thresh
