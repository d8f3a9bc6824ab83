// Gzip: members back to back, each deflate data between a header and a trailer
// with its checksum, and zeros behind the last one or not.
#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>

#include "input/inflater.h"
#include "input/layer.h"

namespace thresh {
namespace {

constexpr std::array<uint8_t, 3> kGzipStart = {0x1F, 0x8B, 0x08};
constexpr size_t kSniffBytes = size_t{64} << 10;

// How many bytes of `head` the gzip header takes; none if it is not a header.
// All of `head` if the header goes on behind it.
std::optional<size_t> HeaderSize(Bytes head) {
  z_stream inflater{};
  if (inflateInit2(&inflater, 16 + MAX_WBITS) != Z_OK) return std::nullopt;
  uint8_t nothing = 0;
  inflater.next_in = head.data();
  inflater.avail_in = static_cast<uInt>(head.size());
  inflater.next_out = &nothing;
  inflater.avail_out = 0;
  const int code = inflate(&inflater, Z_BLOCK);  // stops behind the header
  const size_t size = head.size() - inflater.avail_in;
  inflateEnd(&inflater);
  if (code == Z_DATA_ERROR) return std::nullopt;
  return size;
}

// It has gzip's header, and the first half KiB behind it does inflate. A head
// that ends too soon to tell counts as gzip: gzip that was cut.
bool LooksGzip(Bytes head, bool /*complete*/) {
  head = head.first(std::min(head.size(), kSniffBytes));
  if (head.size() < kGzipStart.size() ||
      !std::equal(kGzipStart.begin(), kGzipStart.end(), head.begin())) {
    return false;
  }
  const std::optional<size_t> header = HeaderSize(head);
  return header.has_value() &&
         Inflates(head.subspan(*header), /*with_trailer=*/true);
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
    const Bytes next = input->Peek(1);
    if (next.empty()) return {LayerStep::State::kEnd, 0, {}};
    if (!in_padding_ && next[0] == kGzipStart[0]) {
      inflater_.StartMember();
      between_members_ = false;
      return {};
    }
    in_padding_ = true;  // as tape blocks leave it; nothing may follow
    const auto zeros =
        std::ranges::find_if(next, [](uint8_t byte) { return byte != 0; });
    input->Consume(static_cast<size_t>(zeros - next.begin()));
    if (zeros == next.end()) return {};
    return {LayerStep::State::kTrailing, 0, {}};
  }

  Inflater inflater_{Inflater::Format::kGzip};
  bool between_members_ = false;
  bool in_padding_ = false;
};

std::unique_ptr<LayerDecoder> OpenGzip() {
  return std::make_unique<GzipDecoder>();
}

}  // namespace

constinit const Layer kGzipLayer = {"gzip", kSniffBytes, LooksGzip, OpenGzip};

}  // namespace thresh
