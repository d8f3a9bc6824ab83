// Request documents: their contents, and that they end exactly at the limits.
#include "kinesis/put_records_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace thresh::kinesis {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

Stream Named(const std::string& text) {
  const Result<Stream> stream = ParseStream(text);
  EXPECT_TRUE(stream) << text;
  return stream.value_or(Stream{});
}

// Adds records as the writers of documents do: a document ends when the next
// record does not fit.
class Documents {
 public:
  explicit Documents(const PutLimits& limits, const Stream& stream = Named("s"))
      : limits_(limits), document_(stream, limits) {}

  Result<void> Add(const std::string& data, const std::string& key) {
    return Add({.data = AsBytes(data), .partition_key = key});
  }
  Result<void> Add(const PutRecord& record) {
    if (Result<void> taken = CheckPutRecord(record, limits_); !taken) {
      return taken;
    }
    if (!document_.Fits(record)) EndDocument();
    document_.Add(record);
    return {};
  }

  std::vector<Json> Finish() {
    if (document_.records() > 0) EndDocument();
    return documents_;
  }

  std::vector<size_t> FinishAndCount() {
    std::vector<size_t> counts;
    for (const Json& document : Finish()) {
      counts.push_back(document["Records"].size());
    }
    return counts;
  }

 private:
  void EndDocument() {
    const std::string_view line = document_.Line();
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    documents_.push_back(Json::parse(line));
    document_.Clear();
  }

  PutLimits limits_;
  PutRecordsDocument document_;
  std::vector<Json> documents_;
};

TEST(PutRecordsDocument, HasWhatTheApiNames) {
  Documents documents({});
  ASSERT_TRUE(documents.Add({.data = AsBytes(std::string_view("\xFF\0z", 3)),
                             .partition_key = "k\"\n\u00e9",
                             .explicit_hash_key = "12"}));
  ASSERT_TRUE(documents.Add("", "b"));
  EXPECT_THAT(documents.Finish(), ElementsAre(Json::parse(R"(
      {"StreamName": "s", "Records": [
        {"Data": "/wB6", "PartitionKey": "k\"\n\u00e9",
         "ExplicitHashKey": "12"},
        {"Data": "", "PartitionKey": "b"}]})")));
}

TEST(PutRecordsDocument, NamesAStreamByItsArn) {
  const std::string arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/a.b";
  Documents documents({}, Named(arn));
  ASSERT_TRUE(documents.Add("x", "k"));
  EXPECT_THAT(documents.Finish(),
              ElementsAre(Json{
                  {"StreamARN", arn},
                  {"Records", {{{"Data", "eA=="}, {"PartitionKey", "k"}}}}}));
}

TEST(PutRecordsDocument, NothingMakesNoDocument) {
  EXPECT_THAT(Documents({}).Finish(), testing::IsEmpty());
}

TEST(PutRecordsDocument, EndsAtTheNumberOfRecords) {
  Documents documents({});
  for (int i = 0; i < 1001; ++i) ASSERT_TRUE(documents.Add("", "k"));
  EXPECT_THAT(documents.FinishAndCount(), ElementsAre(500, 500, 1));
}

// Keys count in bytes of UTF-8; the hash key does not count.
TEST(PutRecordsDocument, EndsAtTheByte) {
  const PutLimits limits{.record_bytes = 60, .request_bytes = 100};
  const std::string key = "\u00e9";  // two bytes
  for (const size_t last : {39U, 40U, 41U}) {
    Documents documents(limits);
    ASSERT_TRUE(documents.Add({.data = AsBytes(std::string(56, 'x')),
                               .partition_key = key,
                               .explicit_hash_key = "123456"}));
    ASSERT_TRUE(documents.Add(std::string(last, 'y'), key));
    if (last <= 40) {
      EXPECT_THAT(documents.FinishAndCount(), ElementsAre(2)) << last;
    } else {
      EXPECT_THAT(documents.FinishAndCount(), ElementsAre(1, 1)) << last;
    }
  }
}

TEST(PutRecordsDocument, FillsTheRealLimitExactly) {
  Documents documents({});
  const std::string data((1U << 20) - 1, 'x');
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(documents.Add(data, "k"));
  ASSERT_TRUE(documents.Add("", "k"));
  EXPECT_THAT(documents.FinishAndCount(), ElementsAre(10, 1));
}

TEST(PutRecordsDocument, OneRecordMayFillARequest) {
  Documents documents({.record_bytes = kMaxRequestBytes});
  ASSERT_TRUE(documents.Add("x", "k"));
  ASSERT_TRUE(documents.Add(std::string(kMaxRequestBytes - 1, 'x'), "k"));
  ASSERT_TRUE(documents.Add("x", "k"));
  EXPECT_THAT(documents.FinishAndCount(), ElementsAre(1, 1, 1));
}

TEST(PutRecordsDocument, RefusesWhatKinesisWouldAndGoesOn) {
  Documents documents({.record_bytes = 10, .request_bytes = 20});
  const Result<void> large = documents.Add("0123456789", "k");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(large.error().message, HasSubstr("11 bytes"));
  EXPECT_THAT(large.error().message, HasSubstr("limit of 10"));
  ASSERT_FALSE(documents.Add("x", ""));
  ASSERT_FALSE(documents.Add("x", "\xFF"));
  ASSERT_FALSE(documents.Add({.data = AsBytes("x"),
                              .partition_key = "k",
                              .explicit_hash_key = "007"}));
  ASSERT_TRUE(documents.Add("012345678", "k"));
  EXPECT_THAT(documents.FinishAndCount(), ElementsAre(1));
}

TEST(PutRecordsDocument, TakesKeysOf256Characters) {
  Documents documents({});
  std::string key;
  for (int i = 0; i < 256; ++i) key += "\U0001F600";
  EXPECT_TRUE(documents.Add("", key));
  EXPECT_FALSE(documents.Add("", key + "a"));
}

TEST(PutRecordsDocument, MayBeLookedAtAndFilledOn) {
  PutRecordsDocument document(Named("s"), {});
  document.Add({.data = AsBytes("x"), .partition_key = "a"});
  const std::string first(document.Line());
  EXPECT_EQ(first, document.Line());
  document.Add({.data = AsBytes("x"), .partition_key = "a"});
  EXPECT_EQ(Json::parse(document.Line())["Records"].size(), 2U);
  EXPECT_EQ(document.bytes(), 4U);
  document.Clear();
  document.Add({.data = AsBytes("x"), .partition_key = "a"});
  EXPECT_EQ(first, document.Line());
}

TEST(PutLimits, AreThoseOfTheService) {
  EXPECT_TRUE(CheckPutLimits({}));
  EXPECT_TRUE(CheckPutLimits({.record_bytes = kMaxRequestBytes}));
  EXPECT_FALSE(CheckPutLimits({.record_bytes = 0}));
  EXPECT_FALSE(CheckPutLimits({.record_bytes = kMaxRequestBytes + 1}));
  EXPECT_FALSE(CheckPutLimits({.request_bytes = kMaxRequestBytes + 1}));
  EXPECT_FALSE(CheckPutLimits({.record_bytes = 11, .request_bytes = 10}));
  EXPECT_FALSE(CheckPutLimits({.request_records = 0}));
  EXPECT_FALSE(CheckPutLimits({.request_records = 501}));
}

TEST(ParseStream, TakesNamesAndArns) {
  EXPECT_FALSE(Named("a_B.9-").is_arn);
  const Stream arn = Named("arn:aws-cn:kinesis:cn-north-1:1:stream/x");
  EXPECT_TRUE(arn.is_arn);
  EXPECT_EQ(arn.region, "cn-north-1");
  EXPECT_EQ(DefaultEndpoint(arn, arn.region),
            "https://kinesis.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(DefaultEndpoint(Named("x"), "us-east-1"),
            "https://kinesis.us-east-1.amazonaws.com");
}

TEST(ParseStream, RefusesAllElse) {
  for (const std::string text :
       {"", "a b", "a/b", "a\"", "arn:aws:kinesis:r:1:stream/",
        "arn:aws:s3:::b", "arn:aws:kinesis:r::stream/x",
        "arn:aws:kinesis:r:1:stream/a/b"}) {
    EXPECT_FALSE(ParseStream(text)) << text;
  }
  EXPECT_TRUE(ParseStream(std::string(128, 'a')));
  EXPECT_FALSE(ParseStream(std::string(129, 'a')));
}

}  // namespace
}  // namespace thresh::kinesis
