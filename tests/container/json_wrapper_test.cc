// Documents within the messages of other services, reports without records, and
// documents that are refused by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "container/container.h"
#include "container/json_document.h"
#include "oracle/json_run.h"

namespace thresh {
namespace {

using Json = nlohmann::json;
using oracle::JsonRun;
using oracle::RunJson;
using testing::ElementsAre;
using testing::IsEmpty;

Json LambdaEvent(const std::vector<std::string>& data) {
  Json event = {{"Records", Json::array()}};
  for (const std::string& item : data) {
    event["Records"].push_back(
        {{"kinesis",
          {{"kinesisSchemaVersion", "1.0"},
           {"partitionKey", "k"},
           {"sequenceNumber", "1"},
           {"data", item}}},
         {"eventSourceARN", "arn:aws:kinesis:x:y:stream/s"}});
  }
  return event;
}

Json BatchInfo() {
  return {{"shardId", "shardId-000000000006"},
          {"startSequenceNumber", "100"},
          {"endSequenceNumber", "104"},
          {"batchSize", 4},
          {"streamArn", "arn:aws:kinesis:eu-west-1:1:stream/s"}};
}

Options WithWindow(size_t bytes) {
  Options options;
  options.window_bytes = bytes;
  return options;
}

std::vector<std::string> DataOf(const JsonRun& run) {
  std::vector<std::string> data;
  for (const oracle::JsonRow& row : run.records) data.push_back(row.data);
  return data;
}

// "YQ==" is "a", "Yg==" is "b".
const Json& Event() {
  static const Json event = LambdaEvent({"YQ==", "Yg=="});
  return event;
}

// The ways to embed a document, each as an object and as text.
std::vector<Json> Wrapped(const Json& document) {
  std::vector<Json> all;
  for (const Json& inner :
       {document, Json(document.dump()), Json(document.dump(2)),
        Json(std::string(100, '\n') + document.dump()),
        Json("\xEF\xBB\xBF" + document.dump()),
        Json(Json(document.dump()).dump())}) {
    for (const char* name : {"payload", "requestPayload", "Body", "body",
                             "Message", "detail", "SubscribeToShardEvent"}) {
      all.push_back({{"id", 1}, {name, inner}, {"more", Json::object()}});
    }
    all.push_back({{"Messages", {{{"MessageId", "m"}, {"Body", inner}}}}});
    all.push_back({{"Records", {{{"messageId", "m"}, {"body", inner}}}}});
    all.push_back({{"Records", {{{"Sns", {{"Message", inner}, {"T", 1}}}}}}});
    all.push_back({{"requestPayload", Json::array({inner})}});
  }
  return all;
}

TEST(JsonWrapper, HoldsADocument) {
  for (const Json& message : Wrapped(Event())) {
    const std::string text = message.dump();
    const JsonRun run = RunJson(text);
    EXPECT_THAT(DataOf(run), ElementsAre("a", "b")) << text;
    EXPECT_EQ(run.summary.opaque_spans, 0U) << text;
    EXPECT_EQ(run.summary.record_bytes + run.summary.framing_bytes,
              run.summary.bytes);
    const auto expected = oracle::ReadJson(text);
    ASSERT_TRUE(expected.has_value()) << text;
    EXPECT_EQ(run.records, *expected) << text;
    const Result<ContainerKind> kind = SniffContainer(AsBytes(text), true);
    ASSERT_TRUE(kind.has_value()) << text;
    EXPECT_EQ(*kind, ContainerKind::kJson) << text;
  }
}

TEST(JsonWrapper, MayBeInOthersFourDeep) {
  Json document = Event();
  for (int depth = 1; depth <= 6; ++depth) {
    document = {{"body", document.dump()}};
    const std::string text = document.dump();
    const JsonRun run = RunJson(text);
    EXPECT_EQ(run.records.size(), depth <= 4 ? 2U : 0U) << depth;
    EXPECT_EQ(run.summary.opaque_spans, depth <= 4 ? 0U : 1U) << depth;
    EXPECT_EQ(oracle::ReadJson(text), run.records) << depth;
  }
}

uint64_t CountOf(const JsonRun& run, Reason reason) {
  return run.summary.reasons[static_cast<size_t>(reason)];
}

// `document` as a member of others, nested this many times: as an object, or as
// text.
Json InOthers(Json document, int depth, bool as_text) {
  for (; depth > 0; --depth) {
    document = {{"body", as_text ? Json(document.dump()) : document}};
  }
  return document;
}

TEST(JsonWrapper, TooDeepIsOpaqueAndSaysSo) {
  for (const bool as_text : {false, true}) {
    for (int depth = 4; depth <= 7; ++depth) {
      const uint64_t deep = depth > 4 ? 1 : 0;
      const std::string text =
          Event().dump() + "\n" + InOthers(Event(), depth, as_text).dump();
      const JsonRun run = RunJson(text);
      EXPECT_EQ(run.records.size(), depth > 4 ? 2U : 4U) << text;
      EXPECT_EQ(run.summary.opaque_spans, deep) << text;
      EXPECT_EQ(CountOf(run, Reason::kTooDeep), deep) << text;
      const JsonRun report =
          RunJson(Json({{"KinesisBatchInfo", BatchInfo()},
                        {"payload", InOthers(Event(), depth - 1, as_text)}})
                      .dump());
      EXPECT_EQ(CountOf(report, Reason::kTooDeep), deep);
      EXPECT_EQ(report.summary.missing_ranges.size(), deep);
      // An object without data is any other object.
      const JsonRun other =
          RunJson(InOthers({{"metadata of", "data"}}, depth, as_text).dump());
      EXPECT_EQ(CountOf(other, Reason::kNotARecord), 1U);
    }
    const Json list = {
        {"Messages",
         {InOthers(Event(), 1, as_text), InOthers(Event(), 5, as_text)}}};
    const JsonRun run = RunJson(list.dump());
    EXPECT_THAT(DataOf(run), ElementsAre("a", "b"));
    EXPECT_EQ(CountOf(run, Reason::kTooDeep), 1U);
  }
  Json texts = Event();
  for (int i = 0; i < 6; ++i) texts = Json(texts.dump());
  const JsonRun run = RunJson(Json({{"body", texts}}).dump());
  EXPECT_EQ(CountOf(run, Reason::kTooDeep), 1U);
}

// In a document that has records, only the member is opaque; and regardless of
// the windows, and of where the text ends, no byte counts twice.
TEST(JsonWrapper, TooDeepBesideRecordsIsOpaqueByItself) {
  for (const bool as_text : {false, true}) {
    for (const char* name : {"Body", "message"}) {  // before, and after
      Json inner = Event();
      inner[name] = Event();
      const std::string text =
          InOthers(inner, 4, as_text).dump() + "\n" + Event().dump() + "\n";
      const JsonRun run = RunJson(text);
      EXPECT_EQ(run.records.size(), 4U) << text;
      EXPECT_EQ(run.summary.opaque_spans, 1U) << text;
      EXPECT_EQ(CountOf(run, Reason::kTooDeep), 1U) << text;
      if (!as_text) {
        EXPECT_EQ(run.summary.opaque_bytes, Event().dump().size());
      }
      for (size_t size = 1; size < text.size(); size += 3) {
        const JsonRun cut = RunJson(text.substr(0, size));
        EXPECT_EQ(cut.summary.bytes, cut.summary.record_bytes +
                                         cut.summary.framing_bytes +
                                         cut.summary.opaque_bytes);
        uint64_t end = 0;
        for (const oracle::JsonSpan& span : cut.spans) {
          EXPECT_GE(span.offset, end) << size;
          end = span.offset + span.length;
        }
        EXPECT_LE(end, size);
        EXPECT_TRUE(cut ==
                    RunJson(text.substr(0, size), WithWindow(size / 2 + 1)));
      }
    }
  }
}

TEST(JsonWrapper, NothingButWhatIsTooDeepIsRefusedByName) {
  const std::string text = InOthers(Event(), 5, false).dump();
  const Result<ContainerKind> kind = SniffContainer(AsBytes(text), true);
  ASSERT_FALSE(kind.has_value());
  EXPECT_THAT(kind.error().message, testing::HasSubstr("four levels deep"));
  EXPECT_FALSE(CheckContainer(ContainerKind::kJson, AsBytes(text), true));
  const std::string more = text + "\n" + Event().dump();
  EXPECT_EQ(SniffContainer(AsBytes(more), true), ContainerKind::kJson);
  // The records may come later.
  const std::string later = text + "\n" + std::string(70'000, ' ') + "{";
  EXPECT_EQ(SniffContainer(AsBytes(later).first(kSniffBytes), false),
            ContainerKind::kAuto);
}

TEST(JsonWrapper, OfTextMayHoldSeveralDocuments) {
  const std::string two = Event().dump() + "\n" + Event().dump();
  const JsonRun run = RunJson(Json({{"body", two}}).dump());
  EXPECT_THAT(DataOf(run), ElementsAre("a", "b", "a", "b"));
  EXPECT_EQ(run.summary.opaque_spans, 0U);
}

TEST(JsonWrapper, OfTextKeepsWhatPrecedesABreak) {
  std::string text = Event().dump();
  text.resize(text.size() - 20);
  for (int depth = 1; depth <= kMaxJsonWrappers; ++depth) {
    text = Json({{"body", text}}).dump();
    const JsonRun run = RunJson(text);
    EXPECT_THAT(DataOf(run), ElementsAre("a")) << depth;
    EXPECT_EQ(run.summary.opaque_spans, 1U) << depth;
    EXPECT_EQ(run.summary.record_bytes + run.summary.framing_bytes +
                  run.summary.opaque_bytes,
              text.size())
        << depth;
  }
}

TEST(JsonWrapper, WithNothingKnownInItIsAsAnyMember) {
  const std::string text =
      R"({"sequenceNumber":"1","data":"YQ==","message":"{\"a\":1}","body":{"b":[]},"detail":"x"})";
  const JsonRun run = RunJson(text);
  EXPECT_THAT(DataOf(run), ElementsAre("a"));
  EXPECT_EQ(run.summary.opaque_spans, 0U);
}

// Objects that are records, or suspects because of their own data.
TEST(JsonWrapper, IsNoObjectThatHoldsDataItself) {
  const std::string event = Json(Event().dump()).dump();
  for (const std::string& held : std::vector<std::string>{
           std::string(R"("{\"orderId\":1,\"records\":[]}")"), event,
           Event().dump(), "[" + Event().dump() + "]", std::string("{}")}) {
    for (const std::string name :
         {"payload", "requestPayload", "detail", "message", "Body", "records",
          "Records", "Messages"}) {
      const std::string member = ",\"" + name + "\":" + held;
      const std::string row =
          R"({"partitionKey":"p","sequenceNumber":"1","data":"Yw==")" + member +
          "}";
      const std::string raw =
          R"({"rawData":"Yw==","attemptsMade":4)" + member + "}";
      const std::string listed = R"({"Records":[{"eventID":"s:1")" + member +
                                 R"(,"kinesis":{"data":"Yw=="}}]})";
      const std::string late =
          "{" + member.substr(1) + R"(,"recordId":"1","Data":"Yw=="})";
      for (const std::string& text : {row, raw, listed, late}) {
        const JsonRun run = RunJson(text);
        EXPECT_THAT(DataOf(run), ElementsAre("c")) << text;
        EXPECT_EQ(run.summary.opaque_spans, 0U) << text;
        EXPECT_THAT(run.summary.missing_ranges, IsEmpty()) << text;
        EXPECT_EQ(oracle::ReadJson(text), run.records) << text;
        for (const size_t window : {64U, 300U}) {
          EXPECT_EQ(RunJson(text, WithWindow(window)), run) << text;
        }
      }
      // Data that is not read does not affect the object more than without the
      // member.
      const std::string unread =
          R"({"sequenceNumber":"1","data":"***")" + member + "}";
      const std::string keyed =
          R"({"sequenceNumber":"1","explicitHashKey":"7","data":"Yw==")" +
          member + "}";
      for (const std::string& text : {unread, keyed}) {
        const JsonRun run = RunJson(text);
        EXPECT_THAT(run.records, IsEmpty()) << text;
        EXPECT_EQ(run.summary.opaque_spans, 1U) << text;
        EXPECT_EQ(run.summary.opaque_bytes, text.size()) << text;
      }
    }
  }
}

TEST(JsonWrapper, WithDataThatIsNullHoldsADocument) {
  const JsonRun run = RunJson(
      R"({"sequenceNumber":"1","data":null,"payload":)" + Event().dump() + "}");
  EXPECT_THAT(DataOf(run), ElementsAre("a", "b"));
}

TEST(JsonWrapper, TellsTheStreamOfWhatItHolds) {
  Json event = Event();
  for (Json& record : event["Records"]) record.erase("eventSourceARN");
  Json info = BatchInfo();
  const JsonRun run = RunJson(
      Json({{"KinesisBatchInfo", info}, {"payload", event.dump()}}).dump());
  ASSERT_EQ(run.records.size(), 2U);
  EXPECT_EQ(run.records[0].stream, "arn:aws:kinesis:eu-west-1:1:stream/s");
}

TEST(JsonWrapper, ResultDoesNotDependOnWindows) {
  std::string text;
  for (const Json& message : Wrapped(Event())) text += message.dump() + "\n";
  const JsonRun whole = RunJson(text);
  for (const size_t window : {64U, 256U, 1000U, 4096U}) {
    EXPECT_EQ(RunJson(text, WithWindow(window)), whole) << window;
  }
}

TEST(JsonReport, WithoutRecordsIsCountedAndReadingGoesOn) {
  const Json report = {{"requestContext", {{"requestId", "c"}}},
                       {"KinesisBatchInfo", BatchInfo()}};
  const std::string text = Event().dump() + "\n" + report.dump() + "\n" +
                           Json({{"Body", report.dump()}}).dump() + "\n" +
                           Event().dump();
  const JsonRun run = RunJson(text);
  EXPECT_THAT(DataOf(run), ElementsAre("a", "b", "a", "b"));
  EXPECT_THAT(run.errors, IsEmpty());
  EXPECT_EQ(run.summary.opaque_spans, 0U);
  ASSERT_EQ(run.summary.missing_ranges.size(), 2U);
  const MissingRange& range = run.summary.missing_ranges[0];
  EXPECT_EQ(range.offset, Event().dump().size() + 1);
  EXPECT_EQ(range.stream, "arn:aws:kinesis:eu-west-1:1:stream/s");
  EXPECT_EQ(range.shard_id, "shardId-000000000006");
  EXPECT_EQ(range.first, "100");
  EXPECT_EQ(range.last, "104");
  EXPECT_EQ(range.records, 4U);
  for (const size_t window : {64U, 300U, 1000U}) {
    const JsonRun cut = RunJson(text, WithWindow(window));
    EXPECT_EQ(cut, run);
    ASSERT_EQ(cut.summary.missing_ranges.size(), 2U) << window;
    EXPECT_EQ(cut.summary.missing_ranges[1].offset,
              run.summary.missing_ranges[1].offset);
  }
}

TEST(JsonReport, WhosePayloadIsNoEventIsCountedAndWhatIsThereIsOpaque) {
  for (const Json& nothing :
       {Json(""), Json(nullptr), Json("null"), Json(" \n"), Json("{}"),
        Json("[]"), Json(Json::object()), Json(Json::array()),
        Json({{"Records", Json::array()}}), Json({{"Records", nullptr}})}) {
    const Json report = {{"KinesisBatchInfo", BatchInfo()},
                         {"payload", nothing}};
    const JsonRun run = RunJson(report.dump());
    EXPECT_EQ(run.summary.missing_ranges.size(), 1U) << report;
    // Escaped white space is text.
    EXPECT_EQ(run.summary.opaque_spans, nothing == " \n" ? 1U : 0U) << report;
    EXPECT_EQ(oracle::ReadJson(report.dump()), run.records);
  }
  const std::string cut = Event().dump().substr(0, 60);
  for (const Json& other : {Json("junk"), Json(7), Json({{"a", 1}}), Json(cut),
                            Json({{"Records", {{{"s3", 1}}}}})}) {
    const Json report = {{"KinesisBatchInfo", BatchInfo()},
                         {"requestPayload", other}};
    const JsonRun run = RunJson(report.dump());
    EXPECT_EQ(run.summary.missing_ranges.size(), 1U) << report;
    EXPECT_EQ(run.summary.opaque_spans, 1U) << report;
    const Reason reason =
        other == Json(cut) ? Reason::kBrokenJson : Reason::kNotARecord;
    EXPECT_EQ(run.summary.reasons[static_cast<size_t>(reason)], 1U) << report;
  }
  const Json held = {{"KinesisBatchInfo", BatchInfo()}, {"payload", Event()}};
  EXPECT_THAT(RunJson(held.dump()).summary.missing_ranges, IsEmpty());
}

TEST(JsonWrapper, OfTextThatIsCutInItsFirstRecordIsBrokenJson) {
  const std::string event = Event().dump();
  std::string damaged = event;
  damaged.insert(damaged.find("\"partitionKey\""), "?");
  for (const std::string& text : {event.substr(0, 60), damaged}) {
    const JsonRun run = RunJson(Json({{"Message", text}}).dump());
    EXPECT_EQ(run.summary.opaque_spans, 1U);
    const auto reason = static_cast<size_t>(Reason::kBrokenJson);
    EXPECT_EQ(run.summary.reasons[reason], 1U) << text;
  }
  const JsonRun log = RunJson(R"({"message":"[INFO] {started}"})");
  EXPECT_EQ(log.summary.reasons[static_cast<size_t>(Reason::kNotARecord)], 1U);
}

TEST(JsonWrapper, OfAListOfTextsIsReadButForWhatHoldsNothing) {
  const JsonRun run = RunJson(
      Json({{"payload", {Event().dump(), "other", Event().dump()}}}).dump());
  EXPECT_THAT(DataOf(run), ElementsAre("a", "b", "a", "b"));
  EXPECT_EQ(run.summary.opaque_spans, 1U);
}

TEST(JsonRecord, WithTwoDataThatDifferIsOpaque) {
  for (
      const char* text :
      {R"({"sequenceNumber":"1","Data":"YQ==","data":"Yg=="})",
       R"({"sequenceNumber":"1","data":"YQ==","data":"Yg=="})",
       R"({"sequenceNumber":"1","data":"YQ==","data":[98]})",
       R"({"attemptsMade":1,"rawData":"YQ==","RawData":"Yg=="})",
       R"({"kinesis":{"data":"YQ==","Data":"Yg=="}})",
       R"({"kinesis":{"data":"YQ=="},"Kinesis":{"data":"Yg=="}})",
       R"({"Records":[{"SequenceNumber":"1","Data":"YQ==","data":"Yg=="}]})"}) {
    const JsonRun run = RunJson(text);
    EXPECT_THAT(run.records, IsEmpty()) << text;
    const auto reason = static_cast<size_t>(Reason::kTwoData);
    EXPECT_EQ(run.summary.reasons[reason], 1U) << text;
  }
  for (const char* text :
       {R"({"sequenceNumber":"1","Data":"YQ==","data":"YQ=="})",
        R"({"sequenceNumber":"1","Data":"YQ==","data":null})",
        R"({"sequenceNumber":"1","Data":null,"data":"YQ=="})",
        R"({"kinesis":{"data":"YQ==","Data":null}})"}) {
    const JsonRun run = RunJson(text);
    EXPECT_THAT(DataOf(run), ElementsAre("a")) << text;
    EXPECT_EQ(run.summary.opaque_spans, 0U) << text;
  }
}

TEST(JsonAnswer, WithoutRecordsHoldsNone) {
  for (const char* text :
       {R"({"Messages":[]})", R"({"Messages":null})", R"({"Records":null})",
        R"({"NextShardIterator":"A","Records":null,"MillisBehindLatest":0})",
        R"({"NextShardIterator":"A"})", R"({"NextShardIterator":null})",
        R"({"millisBehindLatest":0,"childShards":[],"$metadata":{}})",
        R"({"ResponseMetadata":{"a":1},"MillisBehindLatest":0})",
        R"({"Body":"{\"Messages\":[]}"})"}) {
    const JsonRun run = RunJson(text);
    EXPECT_EQ(run.summary.opaque_spans, 0U) << text;
    EXPECT_THAT(run.records, IsEmpty()) << text;
    EXPECT_EQ(oracle::ReadJson(text), run.records) << text;
    const Result<ContainerKind> kind = SniffContainer(AsBytes(text), true);
    ASSERT_TRUE(kind.has_value()) << text;
    EXPECT_EQ(*kind, ContainerKind::kJson) << text;
  }
  // Other content is not skipped.
  for (const char* text :
       {R"({"NextShardIterator":"A","Record":[{"Data":"YQ=="}]})",
        R"({"MillisBehindLatest":0,"data":"YQ=="})",
        R"({"ResponseMetadata":{}})", R"({"Records":7})",
        R"({"Records":"x","NextShardIterator":"A"})"}) {
    EXPECT_EQ(RunJson(text).summary.opaque_spans, 1U) << text;
  }
}

struct Foreign {
  const char* text;
  const char* name;
};

TEST(JsonForeign, IsRefusedByNameWhetherNamedOrNot) {
  for (
      const Foreign& foreign : {
          Foreign{
              R"({"records":[{"recordId":"1","result":"Ok","data":"YQ=="}]})",
              "returns to Firehose"},
          Foreign{R"({"records":[{"recordId":"1","result":"Ok"}]})",
                  "returns to Firehose"},
          Foreign{R"({"records":[{"recordId":"1","kafkaRecordValue":"YQ=="}]})",
                  "Kafka"},
          Foreign{
              R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k"}]})",
              "put records"},
      }) {
    const Bytes bytes = AsBytes(std::string_view(foreign.text));
    const Result<ContainerKind> kind = SniffContainer(bytes, true);
    ASSERT_FALSE(kind.has_value()) << foreign.text;
    EXPECT_THAT(kind.error().message, testing::HasSubstr(foreign.name));
    const std::optional<Error> error =
        CheckContainer(ContainerKind::kJson, bytes, true);
    ASSERT_TRUE(error.has_value()) << foreign.text;
    EXPECT_EQ(error->message, kind.error().message);
    EXPECT_THAT(RunJson(foreign.text).records, IsEmpty());
  }
}

TEST(JsonForeign, ThreshsOwnNdjsonIsReadOnlyWhenNamedAndWithoutLosingKeys) {
  const std::string_view line =
      R"({"partitionKey":"k","explicitHashKey":null,"sequenceNumber":"1","data":"YQ=="})";
  EXPECT_FALSE(SniffContainer(AsBytes(line), true).has_value());
  EXPECT_EQ(RunJson(line).records.size(), 1U);
  const JsonRun keyed = RunJson(
      R"({"partitionKey":"k","explicitHashKey":"7","sequenceNumber":"1","data":"YQ=="})");
  EXPECT_THAT(keyed.records, IsEmpty());
  EXPECT_EQ(keyed.summary.opaque_spans, 1U);
}

TEST(JsonSniff, AsksForMoreWhileTheFirstDocumentGoesOn) {
  const std::string text = R"({"state":")" + std::string(100'000, 'x') +
                           R"(",)" + Event().dump().substr(1);
  const Result<ContainerKind> head =
      SniffContainer(AsBytes(text).first(kSniffBytes), false);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(*head, ContainerKind::kAuto);
  const Result<ContainerKind> whole = SniffContainer(AsBytes(text), true);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(*whole, ContainerKind::kJson);
}

TEST(JsonMetadata, ThatCannotBeReadIsCounted) {
  const JsonRun run = RunJson(
      R"({"Records":[)"
      R"({"SequenceNumber":"1","Data":"YQ==","ApproximateArrivalTimestamp":"2025-06-15T15:06:40"},)"
      R"({"SequenceNumber":"2","Data":"YQ==","ApproximateArrivalTimestamp":"Sun Jun 15 15:06:40 UTC 2025"},)"
      R"({"SequenceNumber":"3","Data":"YQ==","ApproximateArrivalTimestamp":null},)"
      R"({"SequenceNumber":"4","Data":"YQ==","SubSequenceNumber":""},)"
      R"({"SequenceNumber":"5","Data":"YQ==","SubSequenceNumber":"-1"},)"
      R"({"SequenceNumber":"6","Data":"YQ==","ApproximateArrivalTimestamp":1750000000.123}]})");
  EXPECT_EQ(run.records.size(), 6U);
  EXPECT_EQ(run.summary.unreadable_metadata, 3U);
}

}  // namespace
}  // namespace thresh
