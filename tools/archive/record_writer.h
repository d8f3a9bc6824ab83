// Where Kinesis records go once they are made: a writer puts them into one kind
// of document, be it a container of FORMAT.md or another. What makes records
// knows nothing of how they are written, and the other way round.
#ifndef THRESH_TOOLS_ARCHIVE_RECORD_WRITER_H_
#define THRESH_TOOLS_ARCHIVE_RECORD_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/hash_key.h"
#include "thresh/options.h"

namespace thresh::archive {

// A Kinesis record with what it is sent with. Views need live during the call
// only.
struct OutgoingRecord {
  Bytes bytes;  // less than 2^32: a sealed blob, or data as it is
  std::string_view partition_key;
  // Of a blob always there (AggregatedBlob::hash_key); of a plain record its
  // user's own, if it is one that Kinesis takes.
  std::optional<HashKey> explicit_hash_key = std::nullopt;
  std::string_view shard;  // the id of the shard it lands on; may be empty
};

// What a writer's documents keep of a record that is plain, not aggregated.
struct PlainSupport {
  bool data = false;  // can hold such a record at all
  bool partition_key = false;
  bool explicit_hash_key = false;
  // Of the keys that it keeps, only those that Kinesis takes
  // (thresh/kinesis_keys.h); else any that are UTF-8.
  bool only_valid_keys = false;
};

class RecordWriter {
 public:
  virtual ~RecordWriter() = default;

  // Appends `record` to `out`, from which the caller takes bytes whenever it
  // likes.
  virtual void Add(const OutgoingRecord& record, Column<uint8_t>* out) = 0;

  // Ends what is open. To be called after the last Add, before the last bytes
  // are taken.
  virtual void Finish(Column<uint8_t>*) {}

  [[nodiscard]] virtual PlainSupport plain() const = 0;
};

// What documents of JSON hold.
enum class JsonShape : uint8_t {
  kLambda,      // an event of Lambda's with some records
  kGetRecords,  // a get-records response, as large as the service gives them
};

// What JSON tells of all records alike.
struct JsonSource {
  std::string_view region;           // of the stream, as in us-east-2
  std::string_view stream_arn;       // Lambda's alone
  std::string_view encryption_type;  // of get-records alone: NONE or KMS
};

// A container as it is written: of JSON there are several kinds.
struct ArchiveFormat {
  ContainerKind container = ContainerKind::kBlobs;  // not kAuto
  JsonShape json = JsonShape::kLambda;              // for ContainerKind::kJson

  friend bool operator==(const ArchiveFormat&, const ArchiveFormat&) = default;
};

// A writer for `format`. `source`, of which JSON alone makes use, must outlive
// it.
[[nodiscard]] std::unique_ptr<RecordWriter> NewArchiveWriter(
    const ArchiveFormat& format, const JsonSource& source);

}  // namespace thresh::archive

#endif  // THRESH_TOOLS_ARCHIVE_RECORD_WRITER_H_
