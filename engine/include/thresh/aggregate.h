// Aggregation in one call: reads user records from archives or lines and writes
// aggregated records, packed as in aggregator.h and shard_aggregator.h.
//
//   auto output = thresh::OpenOutput("packed.blobs");
//   thresh::AggregateOptions options;
//   options.reading.on_suspect = thresh::SuspectPolicy::kSkip;
//   auto report = thresh::Aggregate(thresh::InputList({"day.gz"}), options,
//                                   output->get());
#ifndef THRESH_AGGREGATE_H_
#define THRESH_AGGREGATE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "thresh/aggregator.h"
#include "thresh/byte_output.h"
#include "thresh/deaggregate.h"
#include "thresh/export.h"
#include "thresh/hash_key.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"
#include "thresh/sink.h"
#include "thresh/sinks.h"
#include "thresh/unsendable.h"

namespace thresh {

// The kind of inputs of Aggregate.
enum class AggregateInput : uint8_t {
  kArchives,  // Kinesis records, in any container
  kNdjson,    // lines as OutputFormat::kNdjson writes them
  kLines,     // lines that are data, one user record each
};

// A line that is not a record.
struct LineProblem {
  const std::string& file;
  uint64_t line;    // from 1
  uint64_t offset;  // of its first byte, in the file without compression
  const char* problem;
};

struct AggregateOptions {
  // How inputs are read. All options apply to archives. To lines only
  // on_suspect (a line that is not a record is a suspect), jobs, cancel,
  // progress, lacks_inputs, keep_going and those that LineReader uses apply; a
  // filter is an error. The content checksum and digest are those
  // of the output, as its reader computes them.
  Options reading;
  AggregateInput input = AggregateInput::kArchives;
  // How data is encoded in kNdjson.
  DataEncoding data_encoding = DataEncoding::kBase64;
  // For kLines, exactly one of the two: the partition key of all records, or
  // the JSON pointer (RFC 6901), as in /user/id, to the key in each line, a
  // string or a number.
  std::optional<std::string> key = std::nullopt;
  std::optional<std::string> key_pointer = std::nullopt;
  // The partition key of records that have none; without it they end the run.
  std::optional<std::string> default_key = std::nullopt;

  AggregatorOptions limits = {};
  // If not empty, no blob has records of two shards. Must pass CheckShards.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::vector<HashKeyRange> shards = {};
  // The format of the output, unless the caller passes a writer.
  ContainerFormat format = {};
  JsonSource source = {};
  // Whether a record that fits in no blob is written unpacked, if it has at
  // most limits.max_plain_bytes, the writer keeps its key unchanged or not at
  // all, and no reader would take it for an aggregate. The writer must support
  // that (PlainSupport::data). Otherwise such a record ends the run.
  bool large_plain = false;
  // How to handle records with an explicit hash key that Kinesis rejects. Null:
  // they are written, which is fine for an archive.
  std::optional<OnUnsendable> on_unsendable = std::nullopt;
  // The remedy in errors about a record that fits in no blob. Empty: that of
  // Aggregator::Add.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string too_large_remedy = {};
  // Called for each line that is quarantined, passed or skipped, in order, on
  // one thread at a time. May be null.
  std::function<void(const LineProblem&)> on_line_problem = nullptr;
};

// Counts of the output.
struct PackedCounts {
  uint64_t user_records = 0;  // in blobs and plain
  uint64_t blobs = 0;
  uint64_t plain_records = 0;
  // Those that hold only unplaced records (thresh/aggregator.h).
  uint64_t unplaced_blobs = 0;
  uint64_t unplaced_records = 0;  // in these
  uint64_t bytes = 0;             // of the output
};

struct AggregateReport {
  // Counts of the input, except the content checksum and digest.
  Report read;
  PackedCounts packed;
  // Plain records written without their key, because the container has no field
  // for it.
  uint64_t lost_keys = 0;
  // Of records handled by AggregateOptions::on_unsendable.
  UnsendableCounts unsendable;
};

// Returns an error of code kInvalidArgument unless the options are valid,
// whatever the inputs and the output are. Aggregate checks them as well, and
// `reading`, `shards` and `format`.
[[nodiscard]] THRESH_EXPORT Result<void> CheckAggregateOptions(
    const AggregateOptions& options);

// Reads `inputs` (paths, or "-" for standard input) in order, packs their user
// records, and writes the result to `output`, with the same bytes for any
// number of jobs. `quarantine` receives the suspects; it is required for
// SuspectPolicy::kQuarantine and ignored otherwise. Both must outlive the call;
// the output is committed, and the quarantine finished, as Deaggregate finishes
// its sinks.
//
// An input that fails is reported and the run goes on with the next. The call
// itself fails as Deaggregate does, and at a record that cannot be packed: one
// without a key (kContainer), too large for a blob (kTooLarge), or with a hash
// key that on_unsendable refuses (kContainer).
[[nodiscard]] THRESH_EXPORT Result<AggregateReport> Aggregate(
    const InputList& inputs, const AggregateOptions& options,
    ByteOutput* output, Sink* quarantine = nullptr);
// The same with the caller's writer, for documents that are not containers;
// `format` and `source` are ignored.
[[nodiscard]] THRESH_EXPORT Result<AggregateReport> Aggregate(
    const InputList& inputs, const AggregateOptions& options,
    std::unique_ptr<RecordWriter> writer, ByteOutput* output,
    Sink* quarantine = nullptr);

}  // namespace thresh

#endif  // THRESH_AGGREGATE_H_
