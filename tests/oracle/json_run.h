// The engine's result for JSON in the types of the naive reader.
#ifndef THRESH_TESTS_ORACLE_JSON_RUN_H_
#define THRESH_TESTS_ORACLE_JSON_RUN_H_

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/reference_json.h"
#include "thresh/batch_reader.h"

namespace thresh::oracle {

// One Kinesis record or opaque span as the engine finds it.
struct JsonSpan {
  uint64_t offset = 0;
  uint64_t length = 0;
  bool opaque = false;

  friend bool operator==(const JsonSpan&, const JsonSpan&) = default;
};

inline void PrintTo(const JsonSpan& span, std::ostream* out) {
  *out << (span.opaque ? "opaque " : "record ") << span.offset << " + "
       << span.length;
}

struct JsonRun {
  std::vector<JsonRow> records;
  std::vector<JsonSpan> spans;
  std::vector<Error> errors;
  Summary summary;

  // Whether two runs found the same, and every byte is accounted for.
  friend bool operator==(const JsonRun& a, const JsonRun& b) {
    return a.records == b.records && a.spans == b.spans &&
           a.errors.size() == b.errors.size() &&
           a.summary.bytes == b.summary.bytes &&
           a.summary.record_bytes == b.summary.record_bytes &&
           a.summary.framing_bytes == b.summary.framing_bytes &&
           a.summary.opaque_bytes == b.summary.opaque_bytes &&
           a.summary.unread_bytes == b.summary.unread_bytes;
  }
};

inline std::optional<std::string> Copy(const std::optional<Bytes>& bytes) {
  if (!bytes) return std::nullopt;
  return std::string(AsText(*bytes));
}

// The engine's result for `text`, whose container is JSON.
inline JsonRun RunJson(std::string_view text, Options options = {}) {
  JsonRun run;
  options.container = ContainerKind::kJson;
  Result<BatchReader> reader = BatchReader::OpenBytes(AsBytes(text), options);
  if (!reader) std::abort();
  for (;;) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    if (!batch) std::abort();
    if (*batch == nullptr) break;
    for (const KinesisRecord& record : (*batch)->kinesis_records) {
      const bool opaque = record.verdict == Verdict::kOpaqueSpan;
      run.spans.push_back({record.offset, record.length, opaque});
      if (opaque) continue;
      const KinesisMetadata metadata = (*batch)->MetadataOf(record);
      run.records.push_back({
          .data = std::string(AsText(record.bytes)),
          .partition_key = Copy(metadata.partition_key),
          .sequence_number = Copy(metadata.sequence_number),
          .shard_id = Copy(metadata.shard_id),
          .encryption_type = Copy(metadata.encryption_type),
          .stream = Copy(metadata.stream),
          .arrival_time = metadata.arrival_time,
          .sub_sequence_number = metadata.sub_sequence_number,
      });
    }
  }
  run.errors = reader->report().input_errors;
  run.summary = reader->report().summary;
  return run;
}

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_JSON_RUN_H_
