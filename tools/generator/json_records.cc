// See json_records.h.
#include "generator/json_records.h"

#include <string>
#include <string_view>

#include "text/base64.h"

namespace thresh::generator {
namespace {

constexpr uint64_t kRecordsPerEvent = 10;
// What Lambda hands a function is 6 MB at most; a record of Kinesis may make
// more than that alone, and is then an event by itself.
constexpr size_t kEventBytes = 6'000'000;
constexpr size_t kOtherMembersBytes = 600;  // of a record's object, at most
constexpr uint64_t kShards = 4;
constexpr uint64_t kKeys = 1000;

void AppendText(std::string_view text, std::vector<uint8_t>* out) {
  out->insert(out->end(), text.begin(), text.end());
}

void AppendBase64(Bytes data, std::vector<uint8_t>* out) {
  const size_t size = out->size();
  out->resize(size + Base64EncodedSize(data.size()));
  Base64Encode(data, out->data() + size);
}

// 56 digits, as in life.
std::string SequenceNumber(uint64_t index) {
  const std::string digits = std::to_string(index);
  return "495903382714902566085596925383615710" +
         std::string(20 - digits.size(), '0') + digits;
}

// A millisecond a record.
std::string ArrivalTime(uint64_t index) {
  const std::string millis = std::to_string(1'750'000'000'000 + index);
  const size_t point = millis.size() - 3;
  return millis.substr(0, point) + "." + millis.substr(point);
}

}  // namespace

std::string JsonRecords::PartitionKey(uint64_t index) {
  return "pk-" + std::to_string(index % kKeys);
}

void JsonRecords::Append(uint64_t index, Bytes record,
                         std::vector<uint8_t>* out) {
  if (shape_ == JsonShape::kLambda) return AppendToEvent(index, record, out);
  AppendText(R"({"SequenceNumber": ")" + SequenceNumber(index) +
                 R"(", "ApproximateArrivalTimestamp": )" + ArrivalTime(index) +
                 R"(, "Data": ")",
             out);
  AppendBase64(record, out);
  AppendText(R"(", "PartitionKey": ")" + PartitionKey(index) +
                 "\", \"EncryptionType\": \"KMS\"}\n",
             out);
}

void JsonRecords::AppendToEvent(uint64_t index, Bytes record,
                                std::vector<uint8_t>* out) {
  const size_t size = Base64EncodedSize(record.size()) + kOtherMembersBytes;
  if (event_bytes_ + size > kEventBytes) Finish(out);
  event_bytes_ += size;
  AppendText(in_event_ == 0 ? R"({"Records": [)" : ", ", out);
  AppendText(
      R"({"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": ")" +
          PartitionKey(index) + R"(", "sequenceNumber": ")" +
          SequenceNumber(index) + R"(", "data": ")",
      out);
  AppendBase64(record, out);
  AppendText(R"(", "approximateArrivalTimestamp": )" + ArrivalTime(index) +
                 R"(}, "eventSource": "aws:kinesis", "eventVersion": "1.0", )"
                 R"("eventID": "shardId-00000000000)" +
                 std::to_string(index % kShards) + ":" + SequenceNumber(index) +
                 R"(", "eventName": "aws:kinesis:record", )"
                 R"("awsRegion": "us-east-2", "eventSourceARN": )"
                 R"("arn:aws:kinesis:us-east-2:123456789012:stream/sample"})",
             out);
  if (++in_event_ == kRecordsPerEvent) Finish(out);
}

void JsonRecords::Finish(std::vector<uint8_t>* out) {
  if (in_event_ == 0) return;
  AppendText("]}\n", out);
  in_event_ = 0;
  event_bytes_ = 0;
}

}  // namespace thresh::generator
