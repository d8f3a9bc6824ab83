// JSON containers through the public interface: each kind of document, metadata
// next to the records, and where documents may occur.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "oracle/engine_run.h"
#include "oracle/json_run.h"
#include "oracle/samples.h"
#include "vector_files.h"

namespace thresh {
namespace {

using oracle::JsonRow;
using oracle::JsonRun;
using oracle::JsonSpan;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Reads `text` in windows that end at every byte, on one job and on several,
// and expects the same result from all.
JsonRun Read(const std::string& text) {
  const JsonRun whole = oracle::RunJson(text);
  EXPECT_EQ(whole.summary.bytes,
            whole.summary.record_bytes + whole.summary.framing_bytes +
                whole.summary.opaque_bytes + whole.summary.unread_bytes);
  for (size_t window = 1; window <= text.size(); ++window) {
    Options options;
    options.window_bytes = window;
    options.jobs = 1 + static_cast<unsigned>(window % 3);
    const JsonRun run = oracle::RunJson(text, options);
    EXPECT_TRUE(run == whole)
        << "window " << window << " in " << text << "\nfinds "
        << testing::PrintToString(run.spans) << "\nnot "
        << testing::PrintToString(whole.spans);
  }
  return whole;
}

std::vector<std::string> DataOf(const JsonRun& run) {
  std::vector<std::string> data;
  for (const JsonRow& row : run.records) data.push_back(row.data);
  return data;
}

std::string Quoted(const std::string& data) {
  return '"' + oracle::EncodeBase64(data) + '"';
}

std::string GetRecord(const std::string& data) {
  return R"({"SequenceNumber":"7","Data":)" + Quoted(data) +
         R"(,"PartitionKey":"k"})";
}

std::string Event(const std::vector<std::string>& datas) {
  std::string text = R"({"Records": [)";
  for (const std::string& data : datas) {
    if (text.back() != '[') text += ", ";
    text += R"({"kinesis": {"data": )" + Quoted(data) +
            R"(}, "eventID": "shardId-1:5"})";
  }
  return text + "]}";
}

// --- the kinds of documents --------------------------------------------------

TEST(JsonTest, ReadsALambdaEventWithAllThatItTells) {
  const JsonRun run = Read(
      R"({"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0",)"
      R"("partitionKey":"pk","sequenceNumber":"49590338271490256608559692538",)"
      R"("data":"YQ==","approximateArrivalTimestamp":1545084650.987},)"
      R"("eventSource":"aws:kinesis","eventID":"shardId-000000000006:4959",)"
      R"("eventSourceARN":"arn:aws:kinesis:us-east-2:1:stream/s"}]})");
  EXPECT_THAT(
      run.records,
      ElementsAre(JsonRow{.data = "a",
                          .partition_key = "pk",
                          .sequence_number = "49590338271490256608559692538",
                          .shard_id = "shardId-000000000006",
                          .encryption_type = {},
                          .stream = "arn:aws:kinesis:us-east-2:1:stream/s",
                          .arrival_time = 1545084650987000}));
  EXPECT_EQ(run.summary.opaque_spans, 0U);
}

TEST(JsonTest, ReadsAResponseAndItsRecordsAlone) {
  const std::string record =
      R"({"SequenceNumber":"1","ApproximateArrivalTimestamp":)"
      R"("2025-06-15T17:06:40.123456+02:00","Data":"YQ==",)"
      R"("PartitionKey":"pk","EncryptionType":"KMS"})";
  const JsonRow expected{.data = "a",
                         .partition_key = "pk",
                         .sequence_number = "1",
                         .shard_id = {},
                         .encryption_type = "KMS",
                         .stream = {},
                         .arrival_time = 1750000000123456};
  EXPECT_THAT(Read(R"({"Records":[)" + record +
                   R"(],"NextShardIterator":"AA","MillisBehindLatest":0})")
                  .records,
              ElementsAre(expected));
  EXPECT_THAT(Read(record + "\n" + record + "\r\n").records,
              ElementsAre(expected, expected));
  EXPECT_THAT(Read(R"({"Records":[],"NextShardIterator":"AA"})").spans,
              IsEmpty());
}

TEST(JsonTest, ReadsWhatFirehoseWrites) {
  const JsonRun run = Read(
      R"({"attemptsMade":4,"arrivalTimestamp":1750000000123,)"
      R"("errorCode":"Lambda.FunctionError","rawData":"YQ=="})"
      "\n"
      R"({"invocationId":"i","records":[{"recordId":"49","data":"Yg==",)"
      R"("approximateArrivalTimestamp":1510772160000,)"
      R"("kinesisRecordMetadata":{"shardId":"shardId-3","partitionKey":"p",)"
      R"("approximateArrivalTimestamp":1510772160001,"sequenceNumber":"9",)"
      R"("subsequenceNumber":""}},{"recordId":"50","data":"Yw==",)"
      R"("kinesisStreamRecordMetadata":{"sequenceNumber":"10",)"
      R"("partitionKey":"q","shardId":"shardId-4",)"
      R"("approximateArrivalTimestamp":1510772160002}},)"
      R"({"recordId":"51","data":"ZA==",)"
      R"("approximateArrivalTimestamp":1510772160003}]})");
  const auto row = [](std::string data, const char* key, const char* sequence,
                      const char* shard, int64_t millis) {
    JsonRow expected;
    expected.data = std::move(data);
    if (key != nullptr) expected.partition_key = key;
    if (sequence != nullptr) expected.sequence_number = sequence;
    if (shard != nullptr) expected.shard_id = shard;
    expected.arrival_time = millis * 1000;
    return expected;
  };
  EXPECT_THAT(run.records,
              ElementsAre(row("a", nullptr, nullptr, nullptr, 1750000000123),
                          row("b", "p", "9", "shardId-3", 1510772160001),
                          row("c", "q", "10", "shardId-4", 1510772160002),
                          row("d", nullptr, nullptr, nullptr, 1510772160003)));
}

TEST(JsonTest, ReadsABatchOfPipesAndElementsAlone) {
  const std::string element =
      R"({"kinesisSchemaVersion":"1.0","partitionKey":"pk","sequenceNumber":5,)"
      R"("data":"YQ==","approximateArrivalTimestamp":1.75E9,)"
      R"("eventID":"shardId-4:5","eventSourceARN":"arn"})";
  const JsonRow expected{.data = "a",
                         .partition_key = "pk",
                         .sequence_number = "5",
                         .shard_id = "shardId-4",
                         .encryption_type = {},
                         .stream = "arn",
                         .arrival_time = 1750000000000000};
  EXPECT_THAT(Read("[" + element + "," + element + "]").records,
              ElementsAre(expected, expected));
  EXPECT_THAT(Read("[[" + element + "], []]\n" + element).records,
              ElementsAre(expected, expected));
}

TEST(JsonTest, ReadsTheEventOfAFailedInvocation) {
  const std::string before =
      R"({"requestContext":{"requestId":"r"},"version":"1.0",)"
      R"("KinesisBatchInfo":{"shardId":"shardId-1","batchSize":2},"payload":)";
  const std::string event = Event({"a", "b"});
  const JsonRun as_object = Read(before + event + "}");
  EXPECT_THAT(DataOf(as_object), ElementsAre("a", "b"));
  std::string text = nlohmann::json(event).dump();
  const JsonRun as_text = Read(before + text + "}\n");
  EXPECT_EQ(as_text.records, as_object.records);
  // Escaped, each record takes more bytes.
  EXPECT_GT(as_text.summary.record_bytes, as_object.summary.record_bytes);
  // The payload first, before anything identifies the document.
  EXPECT_EQ(Read(R"({"payload":)" + text + R"(,"requestContext":{}})").records,
            as_object.records);
  EXPECT_EQ(
      Read(R"({"payload":)" + event + R"(,"responseContext":{}})").records,
      as_object.records);
  // In a document of another kind it is an ordinary member.
  EXPECT_THAT(
      Read(R"({"payload":{"Data":1},)" + GetRecord("a").substr(1)).spans,
      ElementsAre(testing::Field(&JsonSpan::opaque, false)));
}

TEST(JsonTest, APayloadThatIsNoEventIsOpaque) {
  for (const std::string payload :
       {R"({"a":1})", R"("{\"a\":1}")", R"("x\ud800")", R"("text")", R"("")"}) {
    const std::string text =
        R"({"requestContext":{},"payload":)" + payload + R"(,"version":"1.0"})";
    const JsonRun run = Read(text);
    EXPECT_THAT(run.records, IsEmpty()) << text;
    EXPECT_LE(run.spans.size(), 1U) << text;
  }
  const std::string cut =
      nlohmann::json(Event({"a", "b"}).substr(0, 80)).dump();
  const std::string text = R"({"requestContext":{},"payload":)" + cut + "}";
  const JsonRun run = Read(text);
  EXPECT_THAT(DataOf(run), ElementsAre("a"));
  EXPECT_THAT(run.spans, SizeIs(2));
}

TEST(JsonTest, CountsWhichRecordsAFailureWithoutPayloadNames) {
  const std::string record = GetRecord("a") + "\n";
  const std::string text =
      record +
      R"({"KinesisBatchInfo":{"shardId":"shardId-1",)"
      R"("startSequenceNumber":"11","endSequenceNumber":"12"}})"
      "\n" +
      record;
  const JsonRun run = Read(text);
  EXPECT_THAT(DataOf(run), ElementsAre("a", "a"));
  EXPECT_THAT(run.errors, testing::IsEmpty());
  ASSERT_THAT(run.summary.missing_ranges, SizeIs(1));
  const MissingRange& range = run.summary.missing_ranges[0];
  EXPECT_EQ(range.offset, record.size());
  EXPECT_EQ(range.shard_id, "shardId-1");
  EXPECT_EQ(range.first, "11");
  EXPECT_EQ(range.last, "12");
  EXPECT_EQ(run.summary.unread_bytes, 0U);
}

TEST(JsonTest, ReportsWithoutRecordsAreCountedWhereTheyAreTooManyToList) {
  constexpr size_t kReports = Summary::kMaxMissingRanges + 5;
  std::string text;
  for (size_t i = 0; i < kReports; ++i) {
    text += R"({"KinesisBatchInfo":{"startSequenceNumber":")" +
            std::to_string(i) + "\"}}\n";
  }
  for (const size_t window : {size_t{10'000}, text.size()}) {
    Options options;
    options.window_bytes = window;
    options.jobs = 3;
    const Summary summary = oracle::RunJson(text, options).summary;
    EXPECT_EQ(summary.reports_without_records, kReports);
    ASSERT_EQ(summary.missing_ranges.size(), Summary::kMaxMissingRanges);
    EXPECT_EQ(summary.missing_ranges.back().first,
              std::to_string(Summary::kMaxMissingRanges - 1));
  }
}

std::vector<std::string> StreamsOf(const std::string& text) {
  std::vector<std::string> streams;
  for (const JsonRow& row : Read(text).records) {
    streams.push_back(row.stream.value_or("null"));
  }
  return streams;
}

TEST(JsonTest, TheStreamThatADocumentTellsIsItsRecords) {
  const std::string records = R"("records":[{"recordId":"1","data":"YQ=="},)"
                              R"({"recordId":"2","data":"Yg=="}])";
  const std::string firehose =
      R"("deliveryStreamArn":"d","sourceKinesisStreamArn":"s\u0031")";
  const std::string analytics = R"("applicationArn":"a","streamArn":"s2")";
  for (const auto& [arns, stream] :
       {std::pair(firehose, "s1"), std::pair(analytics, "s2")}) {
    EXPECT_THAT(StreamsOf("{" + arns + "," + records + "}"),
                ElementsAre(stream, stream));
    EXPECT_THAT(StreamsOf("{" + records + "," + arns + "}"),
                ElementsAre(stream, stream));
  }
  // Neither a delivery stream nor an application is a Kinesis stream.
  EXPECT_THAT(StreamsOf(R"({"deliveryStreamArn":"d","applicationArn":"a",)" +
                        records + "}"),
              ElementsAre("null", "null"));
  EXPECT_THAT(StreamsOf(R"({"streamArn":7,)" + records + "}"),
              ElementsAre("null", "null"));
  // It holds for no other document.
  EXPECT_THAT(
      StreamsOf("{" + analytics + "," + records + "}\n{" + records + "}\n"),
      ElementsAre("s2", "s2", "null", "null"));
}

TEST(JsonTest, ARecordThatTellsItsStreamIsBelieved) {
  const std::string payload =
      R"("payload":{"Records":[{"kinesis":{"data":"YQ=="}},)"
      R"({"kinesis":{"data":"Yg=="},"eventSourceARN":"own"}]})";
  const std::string info = R"("KinesisBatchInfo":{"streamArn":"s"})";
  EXPECT_THAT(StreamsOf("{" + info + "," + payload + "}"),
              ElementsAre("s", "own"));
  EXPECT_THAT(
      StreamsOf(R"({"requestContext":{},)" + payload + "," + info + "}"),
      ElementsAre("s", "own"));
  const std::string text =
      nlohmann::json(payload.substr(payload.find(':') + 1)).dump();
  EXPECT_THAT(StreamsOf(R"({"payload":)" + text + "," + info + "}"),
              ElementsAre("s", "own"));
}

TEST(JsonTest, OfADocumentThatIsCutWhatStandsBeforeTheCutIsTold) {
  const std::string records =
      R"("records":[{"recordId":"1","data":"YQ=="},{"recordId":"2",)";
  EXPECT_THAT(StreamsOf(R"({"streamArn":"s",)" + records), ElementsAre("s"));
  EXPECT_THAT(StreamsOf("{" + records + R"("data":"Yg=="}],"streamArn":"s)"),
              ElementsAre("null", "null"));
}

// --- members -----------------------------------------------------------------

TEST(JsonTest, EscapesAreReadWhereverTheyStand) {
  const JsonRun run = Read(
      R"({"Sequence\u004eumber":"\u0031","\u0044ata":"\/\/8=",)"
      R"("PartitionKey":"\ud83d\ude00\n\"\\\u00e4","EncryptionType":"\u0000"})");
  EXPECT_THAT(run.records,
              ElementsAre(JsonRow{.data = "\xFF\xFF",
                                  .partition_key = "\U0001F600\n\"\\\u00e4",
                                  .sequence_number = "1",
                                  .shard_id = {},
                                  .encryption_type = std::string(1, '\0'),
                                  .stream = {},
                                  .arrival_time = {}}));
}

TEST(JsonTest, OfMembersOfOneNameTheLastCounts) {
  const JsonRun run = Read(
      R"({"SequenceNumber":"1","Data":"YQ==","SequenceNumber":"2"})"
      R"({"SequenceNumber":"3","Data":"Yg==","PartitionKey":"k","PartitionKey":null})");
  EXPECT_THAT(DataOf(run), ElementsAre("a", "b"));
  EXPECT_EQ(run.records[0].sequence_number, "2");
  EXPECT_EQ(run.records[1].partition_key, std::nullopt);
}

TEST(JsonTest, MetadataThatCannotBeReadIsNull) {
  const JsonRun run = Read(
      R"({"Data":"YQ==","SequenceNumber":1.5,"PartitionKey":null,)"
      R"("ApproximateArrivalTimestamp":"yesterday","EncryptionType":["KMS"]})"
      R"({"Data":"YQ==","SequenceNumber":18446744073709551616000,)"
      R"("ApproximateArrivalTimestamp":1e300,"PartitionKey":"\ud800"})"
      R"({"Data":"YQ==","SequenceNumber":{},"ApproximateArrivalTimestamp":[]})");
  ASSERT_THAT(run.records, SizeIs(3));
  JsonRow expected;
  expected.data = "a";
  EXPECT_EQ(run.records[0], expected);
  EXPECT_EQ(run.records[2], expected);
  expected.sequence_number = "18446744073709551616000";
  EXPECT_EQ(run.records[1], expected);
}

TEST(JsonTest, KeysThatAreNotUtf8AreKeptAsTheyAre) {
  const JsonRun run = Read(
      "{\"Data\":\"YQ==\",\"SequenceNumber\":\"1\",\"PartitionKey\":\"\xFF\"}");
  ASSERT_THAT(run.records, SizeIs(1));
  EXPECT_EQ(run.records[0].partition_key, "\xFF");
}

TEST(JsonTest, ARecordThatIsNotAggregatedHasThePartitionKeyOfItsKinesisRecord) {
  Options options;
  options.container = ContainerKind::kJson;
  const std::string blob = oracle::Seal(oracle::LengthField(1, "inner") +
                                        oracle::RecordField(0, {}, "data"));
  std::string broken = blob;
  broken.back() = static_cast<char>(broken.back() ^ 1);
  options.on_suspect = SuspectPolicy::kPass;
  const oracle::EngineRun run = oracle::RunEngine(
      GetRecord("plain") + GetRecord(blob) + GetRecord(broken) +
          R"({"Data":"YQ==","SequenceNumber":"1"})",
      options);
  ASSERT_THAT(run.rows, SizeIs(4));
  const auto key = [&run](size_t row) {
    return run.rows[row].user_records.at(0).partition_key;
  };
  EXPECT_EQ(key(0), "k");
  EXPECT_EQ(key(1), "inner");
  EXPECT_EQ(key(2), "k");
  EXPECT_EQ(key(3), std::nullopt);
}

// --- where documents may occur -----------------------------------------------

TEST(JsonTest, DocumentsStandInLinesBackToBackAndInArrays) {
  const std::string a = Event({"a", "b"});
  const std::string b = GetRecord("c");
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& text :
       {a + b, a + "\n" + b + "\n", a + "\r\n" + b, "[" + a + ",\n" + b + "]\n",
        mark + a + mark + b, " \n\t" + a + "  " + b + " \r\n", a + "," + b,
        "[\n  " + a + ",\n  " + b + "\n]"}) {
    const JsonRun run = Read(text);
    EXPECT_THAT(DataOf(run), ElementsAre("a", "b", "c")) << text;
    EXPECT_EQ(run.summary.opaque_spans, 0U) << text;
  }
}

TEST(JsonTest, AnEmptyInputHoldsNothing) {
  EXPECT_THAT(Read("").spans, IsEmpty());
  EXPECT_THAT(Read("\n\n  \r\n").spans, IsEmpty());
  EXPECT_THAT(Read("\xEF\xBB\xBF").spans, IsEmpty());
  EXPECT_THAT(Read("[]").spans, IsEmpty());
}

// The archives written by other programs, with one document per line or file.
TEST(JsonTest, AgreesWithTheNaiveReaderOnEachArchive) {
  size_t archives = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(kVectors / "archives")) {
    const std::string name = entry.path().filename();
    const bool lines = name.ends_with(".ndjson");
    if ((!lines && !name.ends_with(".json")) ||
        name.find("no-payload") != name.npos ||
        name.find("back-to-back") != name.npos) {
      continue;
    }
    SCOPED_TRACE(name);
    std::string text = ReadVector(entry.path());
    std::vector<std::string> documents = {text};
    if (lines) {
      documents.clear();
      std::istringstream stream(text);
      for (std::string line; std::getline(stream, line);) {
        documents.push_back(line);
      }
    }
    std::vector<JsonRow> expected;
    for (const std::string& document : documents) {
      const auto rows = oracle::ReadJson(document);
      ASSERT_TRUE(rows.has_value());
      expected.insert(expected.end(), rows->begin(), rows->end());
    }
    EXPECT_THAT(expected, SizeIs(9));
    for (const size_t window : {1U, 100U, 5000U, 9001U, 1U << 24}) {
      Options options;
      options.window_bytes = window;
      const JsonRun run = oracle::RunJson(text, options);
      EXPECT_EQ(run.records, expected) << "window " << window;
      EXPECT_EQ(run.summary.opaque_spans, 0U);
    }
    ++archives;
  }
  EXPECT_EQ(archives, 10U);
}

}  // namespace
}  // namespace thresh
