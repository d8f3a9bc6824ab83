// No output, for runs that only count and verify.
#include "sink/text_sink.h"

namespace thresh {
namespace {

class NullChunk final : public Chunk {
 public:
  void Clear() override {}
  [[nodiscard]] bool empty() const override { return true; }
  [[nodiscard]] size_t memory() const override { return 0; }
};

class NullSink final : public TypedSink<NullChunk> {
 public:
  Result<void> Finish() override { return {}; }

 protected:
  void EncodeTo(const Batch&, NullChunk*) const override {}
  Result<void> WriteFrom(NullChunk*) override { return {}; }
};

}  // namespace

std::unique_ptr<Sink> MakeNullSink() { return std::make_unique<NullSink>(); }

}  // namespace thresh
