// Documents of Kinesis requests, as PutRecords and the AWS CLI (put-records
// --cli-input-json) accept them, each filled as far as the limits of a request
// allow.
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

// A Kinesis record to send. Members are views.
struct PutRecord {
  Bytes data;
  std::string_view partition_key;
  std::optional<std::string_view> explicit_hash_key = std::nullopt;
};

// The size that Kinesis counts against its limits: data, before base64, and
// partition key in UTF-8; not the explicit hash key.
[[nodiscard]] inline uint64_t CountedBytes(const PutRecord& record) {
  return uint64_t{record.data.size()} + record.partition_key.size();
}

// The service's limits, in counted bytes.
inline constexpr uint64_t kMaxRequestBytes = uint64_t{10} << 20;
inline constexpr uint64_t kMaxRequestRecords = 500;
inline constexpr uint64_t kDefaultRecordBytes = uint64_t{1} << 20;

struct PutLimits {
  // For a record: 1 MiB, unless the stream was configured for more (10 MiB at
  // most).
  uint64_t record_bytes = kDefaultRecordBytes;
  // For a request; 5 MiB before October 2025 and in emulators of that time.
  uint64_t request_bytes = kMaxRequestBytes;
  uint64_t request_records = kMaxRequestRecords;
};

// Returns an error of code kInvalidArgument unless each limit is at least 1 and
// at most the service's, and a request can hold the largest record.
[[nodiscard]] Result<void> CheckPutLimits(const PutLimits& limits);

// Returns an error if Kinesis would not accept `record`: of code kTooLarge,
// with both sizes, if it is over the limit; of code kInvalidArgument for its
// keys (thresh/kinesis_keys.h).
[[nodiscard]] Result<void> CheckPutRecord(const PutRecord& record,
                                          const PutLimits& limits);

// One document. Clear keeps its memory.
class PutRecordsDocument {
 public:
  // `limits` must pass CheckPutLimits.
  PutRecordsDocument(const Stream& stream, const PutLimits& limits);

  // Whether `record` fits with the records added so far. Any record that passes
  // CheckPutRecord fits in an empty document.
  [[nodiscard]] bool Fits(const PutRecord& record) const {
    return records_ < limits_.request_records &&
           bytes_ + CountedBytes(record) <= limits_.request_bytes;
  }

  // Adds a copy of `record`, which must fit and must pass CheckPutRecord.
  void Add(const PutRecord& record);

  [[nodiscard]] size_t records() const { return records_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }  // counted ones

  // The whole document on one line, with its line feed. Valid until the next
  // call of Add or Clear.
  [[nodiscard]] std::string_view Line();

  void Clear();

 private:
  PutLimits limits_;
  Column<uint8_t> text_;
  std::string head_;     // the text before the records
  bool closed_ = false;  // whether the closing brackets are written
  size_t records_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_PUT_RECORDS_DOCUMENT_H_
