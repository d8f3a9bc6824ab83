// See put_records_document.h.
#include "kinesis/put_records_document.h"

#include <fmt/format.h>

#include <string>

#include "base/append.h"
#include "base/json.h"
#include "kinesis/failed.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {
namespace {

constexpr std::string_view kTail = "]}\n";

}  // namespace

Result<void> CheckPutLimits(const PutLimits& limits) {
  if (limits.request_records < 1 ||
      limits.request_records > kMaxRequestRecords) {
    return Failed(
        ErrorCode::kInvalidArgument,
        fmt::format("a request of up to {} records", limits.request_records),
        fmt::format("Kinesis accepts 1 to {}", kMaxRequestRecords));
  }
  if (limits.record_bytes < 1 || limits.record_bytes > limits.request_bytes ||
      limits.request_bytes > kMaxRequestBytes) {
    return Failed(
        ErrorCode::kInvalidArgument,
        fmt::format("records of up to {} bytes in requests of up to {}",
                    limits.record_bytes, limits.request_bytes),
        fmt::format("Kinesis accepts up to {} bytes in a request, and no more "
                    "than that in a record",
                    kMaxRequestBytes));
  }
  return {};
}

Result<void> CheckPutRecord(const PutRecord& record, const PutLimits& limits) {
  if (CountedBytes(record) > limits.record_bytes) {
    return Failed(
        ErrorCode::kTooLarge,
        fmt::format("a record of {} bytes, data and partition key, is "
                    "over the limit of {}",
                    CountedBytes(record), limits.record_bytes));
  }
  if (Result<void> key = CheckPartitionKey(record.partition_key); !key) {
    return key;
  }
  if (!record.explicit_hash_key) return {};
  return CheckExplicitHashKey(*record.explicit_hash_key);
}

PutRecordsDocument::PutRecordsDocument(const Stream& stream,
                                       const PutLimits& limits)
    : limits_(limits),
      head_(fmt::format(R"({{"{}":"{}","Records":[)", stream.member(),
                        stream.text)) {
  AppendText(head_, &text_);
}

void PutRecordsDocument::Add(const PutRecord& record) {
  if (closed_) text_.Resize(text_.size() - kTail.size());
  closed_ = false;
  AppendText(records_ == 0 ? R"({"Data":")" : R"(,{"Data":")", &text_);
  AppendBase64(record.data, &text_);
  AppendText(R"(","PartitionKey":)", &text_);
  AppendJsonString(AsBytes(record.partition_key), &text_);
  if (record.explicit_hash_key) {
    AppendText(R"(,"ExplicitHashKey":)", &text_);
    AppendJsonString(AsBytes(*record.explicit_hash_key), &text_);
  }
  AppendText("}", &text_);
  ++records_;
  bytes_ += CountedBytes(record);
}

std::string_view PutRecordsDocument::Line() {
  if (!closed_) AppendText(kTail, &text_);
  closed_ = true;
  return AsText({text_.data(), text_.size()});
}

void PutRecordsDocument::Clear() {
  text_.Resize(head_.size());
  closed_ = false;
  records_ = 0;
  bytes_ = 0;
}

}  // namespace thresh::kinesis
