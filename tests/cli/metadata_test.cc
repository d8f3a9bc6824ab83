// The Kinesis metadata of a record, from the archives that contain it to all
// output of the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;

std::string Quoted(const std::string& bytes) {
  return '"' + Base64Text(AsBytes(bytes)) + '"';
}

class Metadata : public testing::Test {
 protected:
  Metadata() : archive_(directory_ / "archive") {
    std::string damaged = MakeBlob({"lost"});
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    WriteFile(
        archive_,
        R"({"kinesis":{"partitionKey":"outer","sequenceNumber":"495",)"
        R"("approximateArrivalTimestamp":1607497475.123456,"data":)" +
            Quoted(MakeBlob({"one", "two"})) +
            R"(},"eventID":"shardId-3:495","eventSourceARN":"arn:s"})"
            "\n"
            R"({"SequenceNumber":"496","PartitionKey":"pk",)"
            R"("ApproximateArrivalTimestamp":1607497475,"Data":"cGxhaW4=",)"
            R"("EncryptionType":"KMS"})"
            "\n"
            R"({"SequenceNumber":"497","PartitionKey":"pk","Data":)" +
            Quoted(damaged) + "}\n");
  }

  TemporaryDirectory directory_;
  std::string archive_;
};

TEST_F(Metadata, StandsInEveryLineOfNdjson) {
  const Outcome outcome =
      RunProgram({"deaggregate", archive_, "--on-suspect", "skip"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  const auto lines = ParseLines(outcome.out);
  ASSERT_EQ(lines.size(), 3U);
  for (size_t i : {0U, 1U}) {
    EXPECT_EQ(lines[i]["sequenceNumber"], "495");
    EXPECT_EQ(lines[i]["subSequenceNumber"], i);
    EXPECT_EQ(lines[i]["shardId"], "shardId-3");
    EXPECT_EQ(lines[i]["aggregated"], true);
    EXPECT_EQ(lines[i].size(), 8U);
  }
  EXPECT_EQ(lines[0]["partitionKey"], "a");
  // The number is unchanged; it was never converted to a double.
  EXPECT_THAT(outcome.out,
              HasSubstr(R"("approximateArrivalTimestamp":1607497475.123456,)"));
  EXPECT_EQ(outcome.out.substr(outcome.out.find(R"({"partitionKey":"pk")")),
            R"({"partitionKey":"pk","explicitHashKey":null,)"
            R"("sequenceNumber":"496","subSequenceNumber":0,)"
            R"("approximateArrivalTimestamp":1607497475.000,"shardId":null,)"
            R"("aggregated":false,"data":"cGxhaW4="})"
            "\n");
}

TEST_F(Metadata, AllColumnsOnRequest) {
  const Outcome outcome = RunProgram(
      {"deaggregate", archive_, "--on-suspect", "skip", "--metadata"});
  const auto lines = ParseLines(outcome.out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].size(), 13U);
  EXPECT_EQ(lines[0]["outerPartitionKey"], "outer");
  EXPECT_EQ(lines[0]["stream"], "arn:s");
  EXPECT_TRUE(lines[0]["encryptionType"].is_null());
  EXPECT_EQ(lines[0]["source"], archive_);
  EXPECT_EQ(lines[0]["offset"], 0);
  EXPECT_EQ(lines[2]["encryptionType"], "KMS");
  EXPECT_EQ(lines[2]["outerPartitionKey"], "pk");
  EXPECT_EQ(lines[2]["offset"], ReadFile(archive_).find('\n') + 1);
  EXPECT_THAT(outcome.out,
              HasSubstr(R"("shardId":null,"encryptionType":"KMS",)"
                        R"("outerPartitionKey":"pk","stream":null,"source":)"));
}

TEST_F(Metadata, OfContainersThatTellNoneIsNull) {
  const std::string blob = directory_ / "blob";
  WriteFile(blob, MakeBlob({"x"}));
  const auto lines =
      ParseLines(RunProgram({"deaggregate", blob, "--metadata"}).out);
  ASSERT_EQ(lines.size(), 1U);
  for (const char* name :
       {"sequenceNumber", "approximateArrivalTimestamp", "shardId",
        "encryptionType", "outerPartitionKey", "stream"}) {
    EXPECT_TRUE(lines[0].at(name).is_null()) << name;
  }
  EXPECT_EQ(lines[0]["source"], blob);
}

TEST_F(Metadata, IsForNdjson) {
  const Outcome outcome =
      RunProgram({"deaggregate", archive_, "--metadata", "--format", "lines"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--metadata is for --format ndjson"));
}

TEST_F(Metadata, GoesToTheQuarantineWhereItIsKnown) {
  const std::string side = directory_ / "side";
  RunProgram({"deaggregate", archive_, "--quarantine", side});
  const auto lines = ParseLines(ReadFile(side));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["verdict"], "digest_mismatch");
  EXPECT_EQ(lines[0]["sequenceNumber"], "497");
  EXPECT_EQ(lines[0]["partitionKey"], "pk");
  EXPECT_FALSE(lines[0].contains("shardId"));
  EXPECT_FALSE(lines[0].contains("approximateArrivalTimestamp"));
}

TEST_F(Metadata, IsShownByInspect) {
  const Outcome text = RunProgram({"inspect", archive_});
  EXPECT_THAT(text.out,
              HasSubstr("shard shardId-3, sequence number 495, arrived "
                        "1607497475.123456, partition key \"outer\", stream "
                        "arn:s\n"));
  EXPECT_THAT(text.out, HasSubstr("0  key \"pk\"  5 bytes  \"plain\""));
  EXPECT_THAT(text.out, HasSubstr("sequence number 497"));
  const auto lines =
      ParseLines(RunProgram({"inspect", "--json", archive_}).out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["sequenceNumber"], "495");
  EXPECT_EQ(lines[0]["partitionKey"], "outer");
  EXPECT_EQ(lines[0]["userRecords"][0]["partitionKey"], "a");
  EXPECT_EQ(lines[1]["approximateArrivalTimestamp"], 1607497475.0);
  EXPECT_EQ(lines[1]["userRecords"][0]["partitionKey"], "pk");
}

TEST_F(Metadata, ArchivesOfJsonCanBeGenerated) {
  for (const char* container : {"lambda-json", "get-records-json"}) {
    const std::string made = directory_ / container;
    const Outcome outcome =
        RunProgram({"generate", "-o", made, "--records", "2000", "--plain",
                    "0.2", "--container", container, "--content-checksum"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const Outcome read =
        RunProgram({"deaggregate", made, "--format", "null",
                    "--content-checksum", "--summary", "json"});
    EXPECT_EQ(read.status, 0) << read.err;
    EXPECT_THAT(outcome.err, HasSubstr(ParseJson(read.err.substr(
                                 read.err.find('{')))["content_checksum"]
                                           .get<std::string>()));
  }
}

}  // namespace
}  // namespace thresh
