// Writes Kinesis records: a RecordWriter encodes them in documents of one kind,
// a container of FORMAT.md or another, and appends the documents' bytes to a
// buffer. So producers of records are independent of the format.
// archive_writer.h writes to a file instead.
#ifndef THRESH_RECORD_WRITER_H_
#define THRESH_RECORD_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/export.h"
#include "thresh/hash_key.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

// A Kinesis record with its metadata. The views are used only during the call.
struct OutgoingRecord {
  Bytes bytes;  // less than 2^32: a sealed blob, or data as it is
  // Initialized, or g++ misses it where others are named.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string_view partition_key = {};
  // Always set for a blob (AggregatedBlob::hash_key); for a plain record the
  // user record's own, if Kinesis accepts it.
  std::optional<HashKey> explicit_hash_key = std::nullopt;
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string_view shard = {};  // the id of the shard it lands on; or empty
  // What Kinesis gave the record. Containers that have a place for these make
  // them up if they are absent, the same for the same record of every archive.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string_view sequence_number = {};  // decimal; or empty
  // Microseconds since 1970, UTC, from 0 to kMaxArrivalTime.
  std::optional<int64_t> arrival_time = std::nullopt;
};

// The last microsecond of the year 5000. Readers take numbers of seconds from
// 10^11 on as milliseconds.
inline constexpr int64_t kMaxArrivalTime = 95'649'119'999'999'999;

// What a writer's documents can store of a plain record, one that is not
// aggregated.
struct PlainSupport {
  bool data = false;  // can hold such a record at all
  bool partition_key = false;
  bool explicit_hash_key = false;
  // Whether it can store only keys that Kinesis accepts
  // (thresh/kinesis_keys.h); otherwise all that are UTF-8.
  bool only_valid_keys = false;
};

// Used by one thread at a time.
class THRESH_EXPORT RecordWriter {
 public:
  virtual ~RecordWriter() = default;

  // Appends `record` to `out`. The caller may take bytes from `out`, or clear
  // it, between any two calls. Records that `plain` excludes must not be added;
  // keys that the documents store must be UTF-8.
  virtual void Add(const OutgoingRecord& record, Column<uint8_t>* out) = 0;

  // Ends the open document. Must be called after the last Add, before the last
  // bytes are taken.
  virtual void Finish(Column<uint8_t>*) {}

  [[nodiscard]] virtual PlainSupport plain() const = 0;
};

// The contents of JSON documents.
enum class JsonShape : uint8_t {
  kLambda,      // a Lambda event with some records
  kGetRecords,  // a get-records response, as large as the service returns
};

// The fields of JSON that are the same for all records, in UTF-8. The defaults
// name a stream that does not exist.
struct JsonSource {
  // Of the stream; Lambda's events alone have these two.
  std::string region = "us-east-1";
  std::string stream_arn =
      "arn:aws:kinesis:us-east-1:000000000000:stream/thresh";
  std::string encryption_type = "NONE";  // of get-records alone: or KMS
};

// A container to write; JSON has several shapes.
struct ContainerFormat {
  ContainerKind container = ContainerKind::kBlobs;
  JsonShape json = JsonShape::kLambda;  // for ContainerKind::kJson

  friend bool operator==(const ContainerFormat&,
                         const ContainerFormat&) = default;
};

// A format and its name in options and reports.
struct NamedContainerFormat {
  std::string_view name;
  ContainerFormat format;
};

// All formats with writers, in the order of ContainerKinds.
[[nodiscard]] THRESH_EXPORT std::vector<NamedContainerFormat> WritableFormats();

// A writer for `format`. Fails with code kInvalidArgument if WritableFormats
// does not have it: for kAuto, for kRecord, whose files hold one record, and
// for values that are not enumerators.
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<RecordWriter>>
NewRecordWriter(const ContainerFormat& format, const JsonSource& source = {});

}  // namespace thresh

#endif  // THRESH_RECORD_WRITER_H_
