// The framing of Hadoop's SnappyCodec: blocks, each the length of its content
// and then, until that length is reached, the length of a raw snappy chunk and
// the chunk. There is no magic, and the length-delimited containers begin with
// lengths too; so it is recognized only if the first block is consistent. There
// are no checksums.
#include <algorithm>

#include "base/byte_order.h"
#include "compression/layer.h"
#include "compression/snappy_block.h"

namespace thresh {
namespace {

constexpr size_t kLengthSize = 4;  // of each length, big endian
// Room for a block of the 256 KiB that Hadoop compresses at a time.
constexpr size_t kHadoopSnappySniffBytes = size_t{1} << 20;
constexpr size_t kShortestChunk = 3;  // one byte of content
// Only content that is larger than the writer's buffer is split into chunks.
constexpr size_t kShortestSplit = size_t{1} << 10;
// At least this much of a truncated chunk is needed to recognize it.
constexpr size_t kTellingStart = 16;
constexpr size_t kPreamble = 5;  // the most bytes of a content's length
// The largest int of Java.
constexpr uint32_t kMaxBlockContent = 0x7FFFFFFF;

// The lengths before a possible chunk, and the result of checking the chunk.
struct Sight {
  enum class Kind : uint8_t { kNoChunk, kTooLittle, kStart, kWhole };
  Kind kind = Kind::kNoChunk;
  size_t size = 0;     // of the length and the chunk
  size_t content = 0;  // of the chunk
};

// `head` begins with the length of a chunk, in a block that lacks `lacking`
// bytes of content.
Sight LookAtChunk(Bytes head, size_t lacking) {
  if (head.size() < kLengthSize) return {.kind = Sight::Kind::kTooLittle};
  const size_t size = LoadBe<uint32_t>(head.data());
  head = head.subspan(kLengthSize);
  const Bytes chunk = head.first(std::min(head.size(), size));
  if (chunk.size() < std::min(size, kPreamble)) {
    return {.kind = Sight::Kind::kTooLittle};
  }
  const std::optional<size_t> content = SnappyContentSize(chunk);
  if (!content.has_value() || *content == 0 || *content > lacking ||
      size > 32 + *content + *content / 6 || *content / 22 > size) {
    return {};
  }
  if (chunk.size() == size && !IsSnappyBlock(chunk)) return {};
  return {
      .kind = chunk.size() < size ? Sight::Kind::kStart : Sight::Kind::kWhole,
      .size = kLengthSize + size,
      .content = *content};
}

// Whether a partial chunk at the front of `head` is unlikely to be one by
// chance. Usually a block is one chunk, so that the length of its content is
// stored twice.
bool IsChunkStart(Bytes head, const Sight& sight, size_t lacking) {
  return (sight.content == lacking || sight.content >= kShortestSplit) &&
         head.size() >= kLengthSize + kTellingStart &&
         IsSnappyBlockStart(head.subspan(kLengthSize));
}

// The available part of the first block must be consistent, with at least a
// part of its first chunk, and the bytes after it must begin like another
// block.
bool LooksHadoop(Bytes head, bool complete) {
  if (head.size() < 2 * kLengthSize + kShortestChunk) return false;
  size_t lacking = LoadBe<uint32_t>(head.data());
  if (lacking == 0 || lacking > kMaxSnappyContent) return false;
  head = head.subspan(kLengthSize);
  Sight sight = LookAtChunk(head, lacking);
  if (sight.kind != Sight::Kind::kWhole && !complete) {
    return sight.kind != Sight::Kind::kNoChunk;
  }
  if (sight.kind == Sight::Kind::kStart) {
    return IsChunkStart(head, sight, lacking);
  }
  if (sight.kind != Sight::Kind::kWhole) return false;
  while (sight.kind == Sight::Kind::kWhole) {
    head = head.subspan(sight.size);
    lacking -= sight.content;
    if (lacking == 0) break;
    if (sight.content < kShortestSplit) return false;
    sight = LookAtChunk(head, lacking);
  }
  if (lacking > 0) return sight.kind != Sight::Kind::kNoChunk;
  if (head.size() < kLengthSize) return true;
  const size_t next = LoadBe<uint32_t>(head.data());
  return next == 0 || (next <= kMaxBlockContent &&
                       LookAtChunk(head.subspan(kLengthSize), next).kind !=
                           Sight::Kind::kNoChunk);
}

class HadoopDecoder final : public LayerDecoder {
 public:
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out) override {
    if (content_.pending()) return content_.Deliver(out);
    const Bytes length = input->Peek(kLengthSize);
    if (length.empty() && lacking_ == 0) {
      return LayerStep::Of(LayerStep::State::kEnd);
    }
    if (length.size() < kLengthSize)
      return LayerStep::Of(LayerStep::State::kCut);
    const auto size = LoadBe<uint32_t>(length.data());
    if (lacking_ > 0) return TakeChunk(input, size, out);
    if (size > kMaxBlockContent) {
      return LayerStep::Damaged("a block of it claims " + std::to_string(size) +
                                " bytes");
    }
    lacking_ = size;  // some writers end with 0
    input->Consume(kLengthSize);
    return {};
  }

 private:
  LayerStep TakeChunk(LayerInput* input, size_t size, std::span<uint8_t> out) {
    if (size > kMaxSnappyBlock) {
      return LayerStep::Damaged("a chunk of it claims " + std::to_string(size) +
                                " bytes");
    }
    const Bytes view = input->Peek(kLengthSize + size).subspan(kLengthSize);
    const Bytes chunk = view.first(std::min(view.size(), size));
    const std::optional<size_t> content = SnappyContentSize(chunk);
    if (content.has_value() && *content > lacking_) {
      return LayerStep::Damaged("a chunk of it is larger than its block");
    }
    if (chunk.size() < size) return content_.DecodeStart(chunk, out);
    LayerStep step = content_.Decode(chunk, out);
    if (step.state == LayerStep::State::kGoOn) {
      input->Consume(kLengthSize + size);
      lacking_ -= *content;
    }
    return step;
  }

  SnappyContent content_;
  size_t lacking_ = 0;  // remaining content of the current block
};

std::unique_ptr<LayerDecoder> OpenHadoop() {
  return std::make_unique<HadoopDecoder>();
}

}  // namespace

constinit const Layer kHadoopSnappyLayer = {
    "Hadoop snappy", kHadoopSnappySniffBytes, LooksHadoop, OpenHadoop};

}  // namespace thresh
