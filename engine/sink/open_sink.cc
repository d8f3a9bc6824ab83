// Creates the sink for the format that a caller names.
#include <utility>

#include "base/errors.h"
#include "sink/text_sink.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

Result<void> CheckFormat(OutputFormat format, const NdjsonOptions& ndjson) {
  const Result<void> known = CheckEnum("format", format, OutputFormat::kNull);
  return known ? CheckEnum("data_encoding", ndjson.data_encoding,
                           DataEncoding::kJson)
               : known;
}

}  // namespace

Result<std::unique_ptr<Sink>> MakeSink(std::unique_ptr<ByteOutput> output,
                                       OutputFormat format,
                                       const NdjsonOptions& ndjson) {
  if (Result<void> known = CheckFormat(format, ndjson); !known) {
    return tl::unexpected(std::move(known.error()));
  }
  if (format == OutputFormat::kNull) return MakeNullSink();
  if (output == nullptr) {
    return tl::unexpected(InvalidArgument(
        "no output", "give one, or the format that writes nothing"));
  }
  switch (format) {
    case OutputFormat::kLines:
      return MakeLinesSink(std::move(output));
    case OutputFormat::kDelimited:
      return MakeDelimitedSink(std::move(output));
    default:
      return MakeNdjsonSink(std::move(output), ndjson);
  }
}

Result<std::unique_ptr<Sink>> OpenSink(const std::string& path,
                                       OutputFormat format,
                                       const NdjsonOptions& ndjson,
                                       const OutputOptions& options) {
  if (Result<void> known = CheckFormat(format, ndjson); !known) {
    return tl::unexpected(std::move(known.error()));
  }
  if (format == OutputFormat::kNull) return MakeNullSink();
  Result<std::unique_ptr<ByteOutput>> output = OpenOutput(path, options);
  if (!output) return tl::unexpected(std::move(output.error()));
  return MakeSink(*std::move(output), format, ndjson);
}

}  // namespace thresh
