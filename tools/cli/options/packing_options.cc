// See packing_options.h.
#include "cli/options/packing_options.h"

#include <algorithm>
#include <string>

#include "cli/options/archive_format.h"
#include "cli/request_writer.h"
#include "kinesis/stream.h"

namespace thresh::cli {
namespace {

// The remedy for a record that does not fit in a blob.
std::string TooLargeRemedy(const AggregateOptions& options,
                           const PlainSupport& plain) {
  std::string remedy = "allow larger blobs with --blob-size, up to 10MiB";
  if (options.format == TargetFormat::kPutRecords) {
    remedy += ", and --max-record-size";
  }
  if (options.large_plain) {
    return remedy +
           "; it cannot be written as it is, for it has more than Kinesis "
           "takes, a key that cannot be kept, or looks like an aggregate";
  }
  remedy += ", or have it written as it is with --too-large plain";
  if (plain.data) return remedy;
  return remedy + " and a --container that can hold such a record, which " +
         std::string(NameOf(options.container)) + " cannot";
}

}  // namespace

AggregatorOptions LimitsOf(const AggregateOptions& options) {
  AggregatorOptions limits = options.limits;
  if (options.format == TargetFormat::kArchive) {
    limits.max_plain_bytes = kMaxBlobLimit;
    return limits;
  }
  const uint64_t record_bytes = options.put_limits.record_bytes;
  limits.max_plain_bytes = record_bytes;
  limits.max_blob_bytes = std::min(limits.max_blob_bytes, record_bytes - 1);
  return limits;
}

Result<std::unique_ptr<RecordWriter>> WriterFor(
    const AggregateOptions& options) {
  if (options.format == TargetFormat::kArchive) {
    return NewRecordWriter(options.container);
  }
  return NewRequestWriter(*kinesis::ParseStream(options.stream),
                          options.put_limits);
}

thresh::AggregateOptions LibraryOptions(const AggregateOptions& options,
                                        const PlainSupport& plain) {
  thresh::AggregateOptions library = {
      .reading = ReadingOptions(options.input),
      .input = options.from.kind,
      .data_encoding = options.data_encoding,
      .key = options.key,
      .key_pointer = options.key_pointer,
      .default_key = options.default_key,
      .limits = LimitsOf(options),
      .large_plain = options.large_plain,
      .too_large_remedy = TooLargeRemedy(options, plain)};
  if (options.format == TargetFormat::kPutRecords) {
    library.on_unsendable = options.on_unsendable;
  }
  library.reading.container = options.from.container;
  library.reading.on_suspect = options.suspects.on_suspect;
  library.reading.keep_going = options.publish.keep_going;
  library.reading.content_checksum = options.summary.content.checksum;
  library.reading.content_digest = options.summary.content.digest;
  return library;
}

}  // namespace thresh::cli
