// See json_writer.h.
#include "archive/json_writer.h"

#include <string>
#include <string_view>

#include "archive/append.h"
#include "base/json.h"

namespace thresh::archive {
namespace {

constexpr uint64_t kRecordsPerEvent = 10;
// What Lambda hands a function is 6 MB at most; a record of Kinesis may make
// more than that alone, and is then an event by itself.
constexpr size_t kEventBytes = 6'000'000;
// Of a record's object at most, with keys and shard ids as short as usual.
constexpr size_t kOtherMembersBytes = 600;
constexpr size_t kUsualKeyBytes = 20;
constexpr size_t kLongestEscape = 6;
// What GetRecords returns at most in a response.
constexpr uint64_t kRecordsPerResponse = 10'000;
constexpr size_t kResponseBytes = size_t{10} << 20;  // of data, before base64

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

// What `text` may take beyond what is reckoned with.
size_t Excess(std::string_view text) {
  return text.size() <= kUsualKeyBytes ? 0 : text.size() * kLongestEscape;
}

class GetRecordsWriter final : public RecordWriter {
 public:
  explicit GetRecordsWriter(const JsonSource& source) : source_(source) {}

  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    const size_t size = record.bytes.size();
    if (in_response_ == kRecordsPerResponse ||
        (in_response_ > 0 && response_bytes_ + size > kResponseBytes)) {
      // This record arrives a millisecond after the last of these.
      EndResponse(1, out);
    }
    response_bytes_ += size;
    AppendText(in_response_ == 0 ? R"({"Records": [)" : ", ", out);
    AppendText(R"({"SequenceNumber": ")" + SequenceNumber(records_) +
                   R"(", "ApproximateArrivalTimestamp": )" +
                   ArrivalTime(records_) + R"(, "Data": ")",
               out);
    AppendBase64(record.bytes, out);
    AppendText(R"(", "PartitionKey": )", out);
    AppendJsonString(AsBytes(record.partition_key), out);
    AppendText(R"(, "EncryptionType": ")", out);
    AppendText(source_.encryption_type, out);
    AppendText("\"}", out);
    ++records_;
    ++in_response_;
  }

  void Finish(Column<uint8_t>* out) override {
    if (in_response_ > 0) EndResponse(0, out);
  }

  [[nodiscard]] PlainSupport plain() const override {
    return {.data = true, .partition_key = true};
  }

 private:
  // The iterator, opaque to its readers, encodes the last sequence number.
  void EndResponse(uint64_t millis_behind, Column<uint8_t>* out) {
    AppendText(R"(], "NextShardIterator": "AAAAAAAAAAAA)", out);
    AppendBase64(AsBytes(SequenceNumber(records_ - 1)), out);
    AppendText(
        R"(", "MillisBehindLatest": )" + std::to_string(millis_behind) + "}\n",
        out);
    in_response_ = 0;
    response_bytes_ = 0;
  }

  const JsonSource& source_;
  uint64_t records_ = 0;
  uint64_t in_response_ = 0;   // records in the response that is open
  size_t response_bytes_ = 0;  // of their data
};

class LambdaWriter final : public RecordWriter {
 public:
  explicit LambdaWriter(const JsonSource& source) : source_(source) {}

  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    const size_t size = Base64EncodedSize(record.bytes.size()) +
                        kOtherMembersBytes + Excess(record.partition_key) +
                        Excess(record.shard);
    if (event_bytes_ + size > kEventBytes) Finish(out);
    event_bytes_ += size;
    AppendText(in_event_ == 0 ? R"({"Records": [)" : ", ", out);
    const std::string number = SequenceNumber(records_);
    AppendText(
        R"({"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": )", out);
    AppendJsonString(AsBytes(record.partition_key), out);
    AppendText(R"(, "sequenceNumber": ")" + number + R"(", "data": ")", out);
    AppendBase64(record.bytes, out);
    AppendText(R"(", "approximateArrivalTimestamp": )" + ArrivalTime(records_) +
                   R"(}, "eventSource": "aws:kinesis", "eventVersion": "1.0", )"
                   R"("eventID": )",
               out);
    AppendJsonString(AsBytes(std::string(record.shard) + ":" + number), out);
    AppendText(R"(, "eventName": "aws:kinesis:record", "awsRegion": ")", out);
    AppendText(source_.region, out);
    AppendText(R"(", "eventSourceARN": ")", out);
    AppendText(source_.stream_arn, out);
    AppendText("\"}", out);
    ++records_;
    if (++in_event_ == kRecordsPerEvent) Finish(out);
  }

  void Finish(Column<uint8_t>* out) override {
    if (in_event_ == 0) return;
    AppendText("]}\n", out);
    in_event_ = 0;
    event_bytes_ = 0;
  }

  [[nodiscard]] PlainSupport plain() const override {
    return {.data = true, .partition_key = true};
  }

 private:
  const JsonSource& source_;
  uint64_t records_ = 0;
  uint64_t in_event_ = 0;   // records in the event that is open
  size_t event_bytes_ = 0;  // of the open event, about
};

}  // namespace

std::unique_ptr<RecordWriter> NewJsonWriter(JsonShape shape,
                                            const JsonSource& source) {
  if (shape == JsonShape::kLambda) {
    return std::make_unique<LambdaWriter>(source);
  }
  return std::make_unique<GetRecordsWriter>(source);
}

}  // namespace thresh::archive
