// From the format that a caller names to the sink that writes it.
#include <utility>

#include "base/errors.h"
#include "sink/file_sink.h"
#include "thresh/sinks.h"

namespace thresh {

Result<std::unique_ptr<Sink>> OpenSink(const std::string& path,
                                       OutputFormat format,
                                       const NdjsonOptions& ndjson,
                                       const OutputOptions& options) {
  Result<void> known = CheckEnum("format", format, OutputFormat::kNull);
  if (known) {
    known =
        CheckEnum("data_encoding", ndjson.data_encoding, DataEncoding::kJson);
  }
  if (!known) return tl::unexpected(std::move(known.error()));
  if (format == OutputFormat::kNull) return MakeNullSink();
  Result<FileOutput> output = FileOutput::Open(path, options);
  if (!output) return tl::unexpected(std::move(output.error()));
  switch (format) {
    case OutputFormat::kLines:
      return MakeLinesSink(std::move(*output));
    case OutputFormat::kDelimited:
      return MakeDelimitedSink(std::move(*output));
    default:
      return MakeNdjsonSink(std::move(*output), ndjson);
  }
}

}  // namespace thresh
