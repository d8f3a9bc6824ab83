// The data alone, one record a line, for records that are lines already.
// Line feeds within the data are not told from those behind it.
#include "sink/file_sink.h"
#include "sink/put.h"
#include "sink/rows.h"

namespace thresh {
namespace {

class LinesSink final : public FileSink {
 public:
  explicit LinesSink(FileOutput output) : FileSink(std::move(output)) {}

  void Encode(const Batch& batch, OutputBuffer* out) const override {
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

std::unique_ptr<Sink> MakeLinesSink(FileOutput output) {
  return std::make_unique<LinesSink>(std::move(output));
}

}  // namespace thresh
