// What the sinks of this room share: a file to write to, and a name each for
// OpenSink to make them by.
#ifndef THRESH_SINK_FILE_SINK_H_
#define THRESH_SINK_FILE_SINK_H_

#include <memory>
#include <string>
#include <utility>

#include "io/file_output.h"
#include "thresh/sink.h"
#include "thresh/sinks.h"

namespace thresh {

// A sink whose encodings go to one file, one after the other.
class FileSink : public Sink {
 public:
  [[nodiscard]] bool takes_records_split() const final { return true; }
  Result<void> Write(const OutputBuffer& encoded) final {
    return output_.Write(encoded);
  }
  Result<void> Complete() final { return output_.Complete(); }
  Result<void> Finish() final {
    return output_.Finish().map([](const std::string&) {});
  }
  Result<std::string> FinishIncomplete() final {
    return output_.Finish(std::string(kIncompleteSuffix));
  }

 protected:
  explicit FileSink(FileOutput output) : output_(std::move(output)) {}

  // Whether encodings may refer to data of at least kLeastReferred bytes. A
  // reader may let them wait for ever, and the input may be changed meanwhile:
  // what it gets was copied when it was verified.
  [[nodiscard]] bool may_refer() const { return !output_.has_reader(); }

 private:
  FileOutput output_;
};

[[nodiscard]] std::unique_ptr<Sink> MakeNdjsonSink(
    FileOutput output, const NdjsonOptions& options);
[[nodiscard]] std::unique_ptr<Sink> MakeLinesSink(FileOutput output);
[[nodiscard]] std::unique_ptr<Sink> MakeDelimitedSink(FileOutput output);
[[nodiscard]] std::unique_ptr<Sink> MakeNullSink();

}  // namespace thresh

#endif  // THRESH_SINK_FILE_SINK_H_
