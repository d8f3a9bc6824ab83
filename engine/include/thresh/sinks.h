// The sinks that come with Thresh: one format each, into one file.
#ifndef THRESH_SINKS_H_
#define THRESH_SINKS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "thresh/input_list.h"
#include "thresh/result.h"
#include "thresh/sink.h"

namespace thresh {

enum class OutputFormat : uint8_t {
  kNdjson,     // one JSON object a line, AWS field names
  kLines,      // data, then a line feed
  kDelimited,  // data behind its length as a varint
  kNull,       // nothing: for counting and verifying
};

// How `data` stands in NDJSON.
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
  // aggregated. Wants a copy of the list of inputs that the run is given.
  bool metadata = false;
  // Or g++ misses it where others are named.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  InputList sources = {};
};

// Whether `path` is one of the names of standard output: "-", and those that
// the system has for it.
[[nodiscard]] bool IsStandardOutput(std::string_view path);

// A sink that writes `format` to `path`, which may be standard output. A
// regular file appears under its name only when the run finishes: until then
// its bytes are in PATH.partial, which is removed if the sink is destroyed
// before, and a file that was there stays as it was. Devices and pipes are
// written directly. kNull ignores `path`, all formats but kNdjson `ndjson`.
[[nodiscard]] Result<std::unique_ptr<Sink>> OpenSink(
    const std::string& path, OutputFormat format,
    const NdjsonOptions& ndjson = {});

// What becomes of a file that already stands under the quarantine's name when
// a run has no suspects.
enum class StaleQuarantine : uint8_t {
  kKeep,    // it may be somebody else's
  kRemove,  // it is an earlier run's, and would belie this one
};

// A sink for suspects: one JSON object a line with source, offset, length,
// verdict, what metadata is known, and the bytes in base64. `sources` is a copy
// of the list of inputs that the run is given. Fails if `path` cannot be
// created, which is tried at once; the file is made when the first suspect
// comes, as OpenSink makes it. If none comes, Finish does as `stale` says with
// a regular file at `path`.
[[nodiscard]] Result<std::unique_ptr<Sink>> OpenQuarantine(
    const std::string& path, const InputList& sources,
    StaleQuarantine stale = StaleQuarantine::kRemove);

}  // namespace thresh

#endif  // THRESH_SINKS_H_
