// The records that are sent from request documents: every record, once, to its
// shard.
#include "kinesis/document_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/run_program.h"
#include "kinesis/read_all.h"
#include "oracle/compress.h"
#include "thresh/shard_aggregator.h"

namespace thresh::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DocumentSourceTest : public testing::Test {
 protected:
  // The data of all records of inputs with these contents.
  std::vector<std::string> Read(const std::vector<std::string>& contents) {
    std::vector<std::string> paths;
    for (const std::string& content : contents) {
      paths.push_back(directory_ / std::to_string(paths.size()));
      WriteFile(paths.back(), content);
    }
    if (done_.empty()) done_ = NothingOf(shards_);
    const auto source =
        DocumentSource::Open(InputList(paths), {}, options_, shards_, done_);
    EXPECT_TRUE(source);
    records_ = ReadAll(source->get(), &error_);
    counts_ = (*source)->counts();
    std::vector<std::string> data;
    for (const OutgoingRecord& record : records_) {
      data.emplace_back(AsText(record.data));
    }
    return data;
  }

  TemporaryDirectory directory_;
  std::vector<HashKeyRange> shards_ = EqualRanges(2);
  std::vector<Acknowledged> done_;
  DocumentOptions options_;
  std::vector<OutgoingRecord> records_;
  std::string error_;
  SourceCounts counts_;
};

TEST_F(DocumentSourceTest, ReadsDocumentsAsTheyAreWritten) {
  PutRecordsDocument document({.text = "s", .region = {}}, {});
  document.Add({.data = AsBytes("one"), .partition_key = "\"k"});
  document.Add({.data = {}, .partition_key = "k"});
  std::string lines(document.Line());
  document.Clear();
  document.Add({.data = AsBytes("three"),
                .partition_key = "k",
                .explicit_hash_key = "0"});
  lines += document.Line();
  EXPECT_THAT(Read({lines, "", "\n" + lines}),
              ElementsAre("one", "", "three", "one", "", "three"));
  EXPECT_EQ(error_, "");
  EXPECT_EQ(records_[0].partition_key, "\"k");
  EXPECT_EQ(records_[2].explicit_hash_key, "0");
  EXPECT_EQ(records_[2].shard, 0U);
}

TEST_F(DocumentSourceTest, ReadsADocumentOverManyLines) {
  EXPECT_THAT(Read({R"({
    "StreamARN": "whatever",
    "Records": [
      {"PartitionKey": "k", "Data": "eA==", "ExplicitHashKey": null}
    ]
  })"}),
              ElementsAre("x"));
  EXPECT_EQ(error_, "");
}

// The next input follows one on several lines.
TEST_F(DocumentSourceTest, InputsAreReadByThemselves) {
  const std::string lines =
      "\n{\"Records\":\n [{\"PartitionKey\": \"k\", \"Data\": \"eA==\"}]}\n";
  EXPECT_THAT(Read({lines, "", lines, lines}), ElementsAre("x", "x", "x"));
  EXPECT_EQ(error_, "");
  EXPECT_THAT(Read({lines, lines + lines}), ElementsAre("x"));
  EXPECT_THAT(error_, HasSubstr("1: offset 1: is no request document"));
}

TEST_F(DocumentSourceTest, TakesCompressionOff) {
  const std::string good =
      R"({"Records": [{"PartitionKey": "k", "Data": "eA=="}]})";
  EXPECT_THAT(Read({oracle::Gzip(good + "\n" + good)}), ElementsAre("x", "x"));
  EXPECT_EQ(error_, "");
  std::string cut = oracle::Gzip(good + "\n" + good);
  cut.resize(cut.size() - 9);
  Read({cut});
  EXPECT_THAT(error_, HasSubstr("cut off"));
}

TEST_F(DocumentSourceTest, SaysWhereItIsNoDocument) {
  const std::string good =
      R"({"Records": [{"PartitionKey": "k", "Data": "eA=="}]})";
  for (
      const std::string bad :
      {"x", "[]", "{}", R"({"Records": 1})", R"({"Records": [1]})",
       R"({"Records": [{"Data": "eA=="}]})",
       R"({"Records": [{"PartitionKey": "k"}]})",
       R"({"Records": [{"PartitionKey": "k", "Data": "eA="}]})",
       R"({"Records": [{"PartitionKey": 1, "Data": "eA=="}]})",
       R"({"Records": [{"PartitionKey": "k", "Data": "", "ExplicitHashKey": 1}]})"}) {
    error_.clear();
    EXPECT_THAT(Read({good + "\n" + bad}), ElementsAre("x")) << bad;
    EXPECT_THAT(error_, HasSubstr("offset " + std::to_string(good.size() + 1)))
        << bad;
  }
}

TEST_F(DocumentSourceTest, SaysWhichRecordIsNone) {
  EXPECT_THAT(Read({R"({"Records": [{"PartitionKey": "k", "Data": "eA=="},
                                    {"PartitionKey": "k", "Data": "eA"}]})"}),
              IsEmpty());
  EXPECT_THAT(error_, HasSubstr("Records[1] lacks its Data"));
}

TEST_F(DocumentSourceTest, LeavesOutWhatWasSentAndWhatCannotBe) {
  options_.on_unsendable = OnUnsendable::kSkip;
  options_.limits.record_bytes = 4;
  shards_ = EqualRanges(1);
  done_ = NothingOf(shards_);
  done_[0].Add(1, 1);
  EXPECT_THAT(Read({R"({"Records": [
      {"PartitionKey": "k", "Data": "MDAw"},
      {"PartitionKey": "k", "Data": "MDAwMDAw"},
      {"PartitionKey": "", "Data": ""},
      {"PartitionKey": "k", "Data": "MTEx"},
      {"PartitionKey": "k", "Data": "MjIy"}]})"}),
              ElementsAre("000", "222"));
  EXPECT_EQ(counts_.unsendable, 2U);
  EXPECT_EQ(counts_.sent_before, 1U);
}

TEST_F(DocumentSourceTest, DropsHashKeysThatKinesisWouldNotTake) {
  const std::string document = R"({"Records": [
      {"PartitionKey": "k", "Data": "MDAw", "ExplicitHashKey": "0"},
      {"PartitionKey": "k", "Data": "MTEx", "ExplicitHashKey": "undefined"},
      {"PartitionKey": "k", "Data": "MjIy", "ExplicitHashKey": "00"}]})";
  Read({document});
  EXPECT_THAT(error_, HasSubstr("0: offset 0: "));
  EXPECT_THAT(error_, HasSubstr("'undefined'"));
  EXPECT_THAT(error_, HasSubstr("by their partition keys, or left out"));

  error_.clear();
  options_.on_unsendable = OnUnsendable::kSkip;
  EXPECT_THAT(Read({document}), ElementsAre("000"));
  EXPECT_EQ(counts_.unsendable, 2U);

  options_.on_unsendable = OnUnsendable::kDropHashKey;
  EXPECT_THAT(Read({document}), ElementsAre("000", "111", "222"));
  EXPECT_EQ(error_, "");
  EXPECT_EQ(counts_.dropped_hash_keys, 2U);
  EXPECT_EQ(records_[0].explicit_hash_key, "0");
  EXPECT_EQ(records_[1].explicit_hash_key, std::nullopt);
  EXPECT_EQ(records_[1].shard, FindShard(shards_, *EffectiveHashKey("k", {})));
  EXPECT_EQ(records_[2].first, records_[1].first + 1);

  // The policy does not apply to errors for other reasons.
  Read({R"({"Records": [{"PartitionKey": "", "Data": "",
                         "ExplicitHashKey": "x"}]})"});
  EXPECT_THAT(error_, HasSubstr("an empty partition key"));
}

TEST_F(DocumentSourceTest, AnAbsentFileIsAnError) {
  WriteFile(directory_ / "good",
            R"({"Records": [{"PartitionKey": "k", "Data": "eA=="}]})");
  const auto source = DocumentSource::Open(
      InputList({directory_ / "absent", directory_ / "good"}), {}, {}, shards_,
      NothingOf(shards_));
  ASSERT_TRUE(source);
  std::string error;
  EXPECT_THAT(ReadAll(source->get(), &error), IsEmpty());
  EXPECT_THAT(error, HasSubstr("No such file"));
}

}  // namespace
}  // namespace thresh::kinesis
