// See json_writer.h.
#include "container/json_writer.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/append.h"
#include "base/json.h"

namespace thresh {
namespace {

constexpr uint64_t kRecordsPerEvent = 10;
// Lambda passes a function at most 6 MB; one Kinesis record may take more than
// that, and is then the only one of an event.
constexpr size_t kEventBytes = 6'000'000;
// The most bytes of a record's other members, with keys and shard ids of usual
// length.
constexpr size_t kOtherMembersBytes = 600;
constexpr size_t kUsualKeyBytes = 20;
constexpr size_t kLongestEscape = 6;
// The most that GetRecords returns in a response.
constexpr uint64_t kRecordsPerResponse = 10'000;
constexpr size_t kResponseBytes = size_t{10} << 20;  // of data, before base64

// That of `record`, or a made-up one, of 56 digits like those of Kinesis.
std::string SequenceNumber(const OutgoingRecord& record, uint64_t index) {
  if (!record.sequence_number.empty()) {
    return std::string(record.sequence_number);
  }
  const std::string digits = std::to_string(index);
  return "495903382714902566085596925383615710" +
         std::string(20 - digits.size(), '0') + digits;
}

// Digits of `number`, at least `digits`.
std::string Padded(int64_t number, size_t digits) {
  const std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text
                              : text;
}

// Seconds with milliseconds, or with microseconds if there are any. A record
// without a time arrives a millisecond after the one before.
std::string ArrivalTime(const OutgoingRecord& record, uint64_t index) {
  constexpr int64_t kFirst = 1'750'000'000'000'000;
  constexpr int64_t kMicros = 1'000'000;
  const int64_t time = record.arrival_time.value_or(
      kFirst + static_cast<int64_t>(index) * 1'000);
  const int64_t fraction = time % kMicros;
  return std::to_string(time / kMicros) + "." +
         (fraction % 1'000 == 0 ? Padded(fraction / 1'000, 3)
                                : Padded(fraction, 6));
}

// The bytes that `text` may take past the usual length.
size_t Excess(std::string_view text) {
  return text.size() <= kUsualKeyBytes ? 0 : text.size() * kLongestEscape;
}

class GetRecordsWriter final : public RecordWriter {
 public:
  explicit GetRecordsWriter(JsonSource source) : source_(std::move(source)) {}

  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    const size_t size = record.bytes.size();
    if (in_response_ == kRecordsPerResponse ||
        (in_response_ > 0 && response_bytes_ + size > kResponseBytes)) {
      // This record arrives a millisecond after the last of these.
      EndResponse(1, out);
    }
    response_bytes_ += size;
    AppendText(in_response_ == 0 ? R"({"Records": [)" : ", ", out);
    last_number_ = SequenceNumber(record, records_);
    AppendText(R"({"SequenceNumber": ")" + last_number_ +
                   R"(", "ApproximateArrivalTimestamp": )" +
                   ArrivalTime(record, records_) + R"(, "Data": ")",
               out);
    AppendBase64(record.bytes, out);
    AppendText(R"(", "PartitionKey": )", out);
    AppendJsonString(AsBytes(record.partition_key), out);
    AppendText(R"(, "EncryptionType": )", out);
    AppendJsonString(AsBytes(source_.encryption_type), out);
    AppendText("}", out);
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
  // The iterator, opaque to readers, encodes the last sequence number.
  void EndResponse(uint64_t millis_behind, Column<uint8_t>* out) {
    AppendText(R"(], "NextShardIterator": "AAAAAAAAAAAA)", out);
    AppendBase64(AsBytes(last_number_), out);
    AppendText(
        R"(", "MillisBehindLatest": )" + std::to_string(millis_behind) + "}\n",
        out);
    in_response_ = 0;
    response_bytes_ = 0;
  }

  JsonSource source_;
  uint64_t records_ = 0;
  std::string last_number_;    // the last record's
  uint64_t in_response_ = 0;   // records in the response that is open
  size_t response_bytes_ = 0;  // of their data
};

class LambdaWriter final : public RecordWriter {
 public:
  explicit LambdaWriter(JsonSource source) : source_(std::move(source)) {}

  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    const size_t size = Base64EncodedSize(record.bytes.size()) +
                        kOtherMembersBytes + Excess(record.partition_key) +
                        Excess(record.shard) +
                        2 * record.sequence_number.size();
    if (event_bytes_ + size > kEventBytes) Finish(out);
    event_bytes_ += size;
    AppendText(in_event_ == 0 ? R"({"Records": [)" : ", ", out);
    const std::string number = SequenceNumber(record, records_);
    AppendText(
        R"({"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": )", out);
    AppendJsonString(AsBytes(record.partition_key), out);
    AppendText(R"(, "sequenceNumber": ")" + number + R"(", "data": ")", out);
    AppendBase64(record.bytes, out);
    AppendText(R"(", "approximateArrivalTimestamp": )" +
                   ArrivalTime(record, records_) +
                   R"(}, "eventSource": "aws:kinesis", "eventVersion": "1.0", )"
                   R"("eventID": )",
               out);
    AppendJsonString(AsBytes(std::string(record.shard) + ":" + number), out);
    AppendText(R"(, "eventName": "aws:kinesis:record", "awsRegion": )", out);
    AppendJsonString(AsBytes(source_.region), out);
    AppendText(R"(, "eventSourceARN": )", out);
    AppendJsonString(AsBytes(source_.stream_arn), out);
    AppendText("}", out);
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
  JsonSource source_;
  uint64_t records_ = 0;
  uint64_t in_event_ = 0;   // records in the event that is open
  size_t event_bytes_ = 0;  // of the open event, approximately
};

}  // namespace

std::unique_ptr<RecordWriter> NewJsonWriter(const ContainerFormat& format,
                                            const JsonSource& source) {
  if (format.json == JsonShape::kLambda) {
    return std::make_unique<LambdaWriter>(source);
  }
  return std::make_unique<GetRecordsWriter>(source);
}

}  // namespace thresh
