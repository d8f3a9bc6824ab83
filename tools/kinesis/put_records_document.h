// Documents of requests to Kinesis, as its PutRecords takes them and the AWS
// CLI reads them (put-records --cli-input-json): packed so that each holds as
// much as a request may, and never a byte more.
#ifndef THRESH_TOOLS_KINESIS_PUT_RECORDS_DOCUMENT_H_
#define THRESH_TOOLS_KINESIS_PUT_RECORDS_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kinesis/stream.h"
#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/result.h"

namespace thresh::kinesis {

// A Kinesis record on its way to a stream. Views.
struct PutRecord {
  Bytes data;
  std::string_view partition_key;
  std::optional<std::string_view> explicit_hash_key = std::nullopt;
};

// What Kinesis counts of a record against its limits: data, before base64, and
// partition key in UTF-8; not the explicit hash key.
[[nodiscard]] inline uint64_t CountedBytes(const PutRecord& record) {
  return uint64_t{record.data.size()} + record.partition_key.size();
}

// Limits of the service, in counted bytes.
inline constexpr uint64_t kMaxRequestBytes = uint64_t{10} << 20;
inline constexpr uint64_t kMaxRequestRecords = 500;
inline constexpr uint64_t kDefaultRecordBytes = uint64_t{1} << 20;

struct PutLimits {
  // Of a record: 1 MiB, unless the stream was set to take more (10 MiB at
  // most).
  uint64_t record_bytes = kDefaultRecordBytes;
  // Of a request; 5 MiB before October 2025 and in emulators of that time.
  uint64_t request_bytes = kMaxRequestBytes;
  uint64_t request_records = kMaxRequestRecords;
};

// An error of code kInvalidArgument unless each limit is at least 1 and no more
// than the service's, and a request holds the largest record.
[[nodiscard]] Result<void> CheckPutLimits(const PutLimits& limits);

// An error unless Kinesis takes `record`: of code kTooLarge, with both sizes,
// if it is over the limit; of code kInvalidArgument for its keys
// (thresh/kinesis_keys.h).
[[nodiscard]] Result<void> CheckPutRecord(const PutRecord& record,
                                          const PutLimits& limits);

// One document. Keeps its memory when it is cleared.
class PutRecordsDocument {
 public:
  // `limits` must be such that CheckPutLimits finds nothing.
  PutRecordsDocument(const Stream& stream, const PutLimits& limits);

  // Whether `record` may stand beside those that are here. In an empty document
  // every record may that CheckPutRecord finds nothing wrong with.
  [[nodiscard]] bool Fits(const PutRecord& record) const {
    return records_ < limits_.request_records &&
           bytes_ + CountedBytes(record) <= limits_.request_bytes;
  }

  // Adds `record`, which must fit, and which CheckPutRecord must take; its
  // bytes are copied.
  void Add(const PutRecord& record);

  [[nodiscard]] size_t records() const { return records_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }  // counted ones

  // The whole document on one line, with its line feed. Until the next call of
  // Add or Clear.
  [[nodiscard]] std::string_view Line();

  void Clear();

 private:
  PutLimits limits_;
  Column<uint8_t> text_;
  std::string head_;     // what precedes the records
  bool closed_ = false;  // whether the brackets behind them are there
  size_t records_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_PUT_RECORDS_DOCUMENT_H_
