// Gzip: members back to back, each deflate data between a header and a trailer
// with its checksum, with or without zeros after the last one. Members are
// concatenated files, except those whose header has an extra field, with which
// bgzip and similar programs mark blocks that are cut anywhere.
#include <algorithm>
#include <array>

#include "compression/inflater.h"
#include "compression/layer.h"

namespace thresh {
namespace {

constexpr std::array<uint8_t, 3> kGzipStart = {0x1F, 0x8B, 0x08};
constexpr size_t kFlags = 3;  // where they are in a header
constexpr uint8_t kReservedFlags = 0xE0;
constexpr uint8_t kHasExtraField = 0x04;
constexpr size_t kGzipSniffBytes = size_t{64} << 10;

// Whether `bytes` are the start of a member, as far as available.
bool BeginsLikeGzip(Bytes bytes) {
  bytes = bytes.first(std::min(bytes.size(), kGzipStart.size()));
  return std::equal(bytes.begin(), bytes.end(), kGzipStart.begin());
}

// It has gzip's header, and the first half KiB after it inflates. A head that
// ends too early to decide counts as gzip that was truncated.
bool LooksGzip(Bytes head, bool /*complete*/) {
  head = head.first(std::min(head.size(), kGzipSniffBytes));
  if (head.size() < kGzipStart.size() || !BeginsLikeGzip(head)) return false;
  const GzipHeader header = ReadGzipHeader(head);
  if (header.state == GzipHeader::State::kCut) return true;
  return header.state == GzipHeader::State::kWhole &&
         Inflates(head.subspan(header.size), /*with_trailer=*/true);
}

class GzipDecoder final : public LayerDecoder {
 public:
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out) override {
    if (between_members_) return StartNextMember(input);
    LayerStep step = inflater_.Decode(input, out);
    if (step.state == LayerStep::State::kEnd) {
      between_members_ = true;
      step.state = LayerStep::State::kGoOn;
    }
    return step;
  }

 private:
  LayerStep StartNextMember(LayerInput* input) {
    const Bytes next = input->Peek(kFlags + 1);
    if (next.empty()) return LayerStep::Of(LayerStep::State::kEnd);
    if (!in_padding_ && BeginsLikeGzip(next)) {
      return StartMember(input);
    }
    in_padding_ = true;  // as in padded tape blocks; nothing may follow
    const auto zeros =
        std::ranges::find_if(next, [](uint8_t byte) { return byte != 0; });
    input->Consume(static_cast<size_t>(zeros - next.begin()));
    if (zeros == next.end()) return {};
    return LayerStep::Of(LayerStep::State::kTrailing);
  }

  // ISA-L cannot resume reading a header: it is read in one piece.
  LayerStep StartMember(LayerInput* input) {
    constexpr size_t kShortestMember = 18;
    constexpr size_t kLongestHeader = size_t{16} << 20;
    for (size_t size = kShortestMember; size <= kLongestHeader; size *= 2) {
      const Bytes view = input->Peek(size);
      if (view.size() > kFlags && (view[kFlags] & kReservedFlags) != 0) {
        return LayerStep::Damaged("unknown header flags");
      }
      const bool is_block =
          view.size() > kFlags && (view[kFlags] & kHasExtraField) != 0;
      const GzipHeader header = ReadGzipHeader(view);
      if (header.state == GzipHeader::State::kWhole) {
        input->Consume(header.size);
        inflater_.Start();
        between_members_ = false;
        LayerStep step;
        step.starts_file = !is_block;
        return step;
      }
      if (header.state == GzipHeader::State::kBadChecksum) {
        return LayerStep::Damaged("incorrect header checksum");
      }
      if (view.size() < size) {
        input->Consume(view.size());
        return LayerStep::Of(LayerStep::State::kCut);
      }
    }
    return LayerStep::Damaged("a header without an end");
  }

  Inflater inflater_;
  bool between_members_ = true;
  bool in_padding_ = false;
};

std::unique_ptr<LayerDecoder> OpenGzip() {
  return std::make_unique<GzipDecoder>();
}

}  // namespace

constinit const Layer kGzipLayer = {"gzip", kGzipSniffBytes, LooksGzip,
                                    OpenGzip};

}  // namespace thresh
