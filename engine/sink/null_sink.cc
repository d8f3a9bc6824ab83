// Output to nowhere, for runs that only count and verify.
#include "sink/file_sink.h"

namespace thresh {
namespace {

class NullSink final : public Sink {
 public:
  void Encode(const Batch&, OutputBuffer*) const override {}
  Result<void> Write(const OutputBuffer&) override { return {}; }
  Result<void> Finish() override { return {}; }
};

}  // namespace

std::unique_ptr<Sink> MakeNullSink() { return std::make_unique<NullSink>(); }

}  // namespace thresh
