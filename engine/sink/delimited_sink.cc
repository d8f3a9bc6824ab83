// The data after its length as a protobuf varint: the format of
// parseDelimitedFrom and similar functions, and the only one here that delimits
// arbitrary bytes at no cost.
#include "sink/put.h"
#include "sink/rows.h"
#include "sink/text_sink.h"

namespace thresh {
namespace {

// 32 bits, seven to the byte.
constexpr size_t kLongestVarint = 5;

uint8_t* PutVarint(size_t value, uint8_t* at) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<uint8_t>(value | 0x80);
  *at++ = static_cast<uint8_t>(value);
  return at;
}

class DelimitedSink final : public TextSink<> {
 public:
  explicit DelimitedSink(std::unique_ptr<ByteOutput> output)
      : TextSink(std::move(output)) {}

 protected:
  void EncodeTo(const Batch& batch, TextChunk* chunk) const override {
    OutputBuffer* const out = chunk->mutable_text();
    const DataPutter putter(may_refer(), out);
    uint8_t* at = RoomFor(putter.Size(batch, kLongestVarint), out);
    ForEachData(batch, [&](Bytes data) {
      at = PutVarint(data.size(), at);
      at = putter.Put(data, at);
    });
    EndAt(at, out);
  }
};

}  // namespace

std::unique_ptr<Sink> MakeDelimitedSink(std::unique_ptr<ByteOutput> output) {
  return std::make_unique<DelimitedSink>(std::move(output));
}

}  // namespace thresh
