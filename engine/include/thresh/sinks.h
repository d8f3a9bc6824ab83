// The built-in sinks: one format each, written to one output.
#ifndef THRESH_SINKS_H_
#define THRESH_SINKS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "thresh/byte_output.h"
#include "thresh/export.h"
#include "thresh/input_list.h"
#include "thresh/result.h"
#include "thresh/sink.h"

namespace thresh {

enum class OutputFormat : uint8_t {
  kNdjson,     // one JSON object a line, AWS field names
  kLines,      // data, then a line feed
  kDelimited,  // data after its length as a varint
  kNull,       // nothing: for counting and verifying
};

// How `data` is encoded in NDJSON.
enum class DataEncoding : uint8_t {
  kBase64,  // "data": base64
  kText,    // "data": a JSON string where the bytes are UTF-8
  kJson,    // "data": the JSON value itself where the bytes are one
            // where they are not, "dataBase64" takes the place of "data"
};

struct NdjsonOptions {
  DataEncoding data_encoding = DataEncoding::kBase64;
  // Adds encryptionType, outerPartitionKey, stream, source and offset (of the
  // Kinesis record in its container) to each line, between shardId and
  // aggregated. Requires a copy of the run's list of inputs.
  bool metadata = false;
  // Without it g++ warns if only other members are initialized.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  InputList sources = {};
};

// A sink that writes `format` to `output`, which appears when the run finishes;
// if the run is incomplete, as in ByteOutput::CommitIncomplete. kNull needs no
// output, and drops it; all formats except kNdjson ignore `ndjson`. Fails with
// code kInvalidArgument for values that are not enumerators, and for no output.
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<Sink>> MakeSink(
    std::unique_ptr<ByteOutput> output, OutputFormat format,
    const NdjsonOptions& ndjson = {});

// MakeSink for what OpenOutput opens at `path`. kNull opens nothing.
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<Sink>> OpenSink(
    const std::string& path, OutputFormat format,
    const NdjsonOptions& ndjson = {}, const OutputOptions& options = {});

// What to do with an existing file of the quarantine's name when a run has no
// suspects.
enum class StaleQuarantine : uint8_t {
  kKeep,  // it may belong to something else
  // The name is reserved for runs: an existing file is from an earlier run, and
  // would contradict this one. A symbolic link is not followed, but replaced or
  // removed.
  kRemove,
};

struct QuarantineOptions {
  StaleQuarantine stale = StaleQuarantine::kRemove;
  // The output that the suspects belong to; empty or standard output if it is
  // not a file. An earlier output is removed before the quarantine changes, so
  // that it is never seen with suspects of another run.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string output = {};
  bool sync = true;  // as in OutputOptions
};

// A sink for suspects: one JSON object a line with source, offset, length,
// verdict, known metadata, and the bytes in base64. `sources` is a copy of the
// run's list of inputs. Fails if `path` cannot be created, which is checked at
// once; the file is created at the first suspect, as by OpenOutput. If there is
// none, Finish handles a file at `path` as `stale` says. Must be finished
// before the sink of the records (FinishSinks).
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<Sink>> OpenQuarantine(
    const std::string& path, const InputList& sources,
    const QuarantineOptions& options = {});

}  // namespace thresh

#endif  // THRESH_SINKS_H_
