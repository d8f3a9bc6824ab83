// The common parts of the sinks of text and other bytes, and their constructors
// for MakeSink.
#ifndef THRESH_SINK_TEXT_SINK_H_
#define THRESH_SINK_TEXT_SINK_H_

#include <memory>
#include <string>
#include <utility>

#include "thresh/byte_output.h"
#include "thresh/sink.h"
#include "thresh/sinks.h"

namespace thresh {

// A sink that writes the text of its chunks to one output. C is a TextChunk.
template <typename C = TextChunk>
class TextSink : public TypedSink<C> {
 public:
  [[nodiscard]] bool takes_records_split() const final { return true; }
  Result<void> Complete() final { return output_->Complete(); }
  Result<void> Finish() final { return output_->Commit(); }
  Result<std::string> FinishIncomplete() final {
    return output_->CommitIncomplete();
  }

 protected:
  explicit TextSink(std::unique_ptr<ByteOutput> output)
      : output_(std::move(output)) {}

  Result<void> WriteFrom(C* chunk) final {
    return output_->Write(chunk->text());
  }

  // Whether chunks may refer to data of at least kLeastReferred bytes. A reader
  // may block the output indefinitely, and the input may change in the
  // meantime: its data is copied when it is verified.
  [[nodiscard]] bool may_refer() const { return !output_->has_reader(); }

 private:
  const std::unique_ptr<ByteOutput> output_;
};

[[nodiscard]] std::unique_ptr<Sink> MakeNdjsonSink(
    std::unique_ptr<ByteOutput> output, const NdjsonOptions& options);
[[nodiscard]] std::unique_ptr<Sink> MakeLinesSink(
    std::unique_ptr<ByteOutput> output);
[[nodiscard]] std::unique_ptr<Sink> MakeDelimitedSink(
    std::unique_ptr<ByteOutput> output);
[[nodiscard]] std::unique_ptr<Sink> MakeNullSink();

}  // namespace thresh

#endif  // THRESH_SINK_TEXT_SINK_H_
