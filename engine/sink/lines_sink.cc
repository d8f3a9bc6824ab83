// Only the data, one record per line, for records that are already lines. Line
// feeds within the data are not distinguished from those after it.
#include "sink/put.h"
#include "sink/rows.h"
#include "sink/text_sink.h"

namespace thresh {
namespace {

class LinesSink final : public TextSink<> {
 public:
  explicit LinesSink(std::unique_ptr<ByteOutput> output)
      : TextSink(std::move(output)) {}

 protected:
  void EncodeTo(const Batch& batch, TextChunk* chunk) const override {
    OutputBuffer* const out = chunk->mutable_text();
    const DataPutter putter(may_refer(), out);
    uint8_t* at = RoomFor(putter.Size(batch, 1), out);
    ForEachData(batch, [&](Bytes data) {
      at = putter.Put(data, at);
      *at++ = '\n';
    });
    EndAt(at, out);
  }
};

}  // namespace

std::unique_ptr<Sink> MakeLinesSink(std::unique_ptr<ByteOutput> output) {
  return std::make_unique<LinesSink>(std::move(output));
}

}  // namespace thresh
