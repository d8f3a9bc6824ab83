// `thresh aggregate`: `deaggregate` returns the records that it packed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "cli/aggregate_run.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "oracle/compress.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Aggregate : public AggregateRun {};

class IntoContainer : public AggregateRun,
                      public testing::WithParamInterface<const char*> {};

TEST_P(IntoContainer, SameRecordsComeOut) {
  const std::string in = Write("in", LargeArchive());
  const Outcome outcome =
      Run({in, "--container", GetParam(), "--blob-size", "50KiB"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const std::string name = GetParam();
  const bool recognized = !name.starts_with("u32") && name != "varint";
  const std::string container = recognized ? "auto" : name;
  EXPECT_EQ(ChecksumOf(Out(), container), ChecksumOf(in));
  EXPECT_EQ(SummaryOf(Out(), container)["not_aggregated"], 0);
}

INSTANTIATE_TEST_SUITE_P(All, IntoContainer,
                         testing::Values("blobs", "u32le", "u32be", "varint",
                                         "base64-lines", "lambda-json",
                                         "get-records-json"));

TEST_F(Aggregate, TellsWhatItWrote) {
  const std::string in =
      Write("in", MakeBlob({"1", "2", "3"}) + MakeBlob({"4"}));
  Outcome outcome = Run({in, "--content-checksum", "--summary", "json"});
  const nlohmann::json summary = ParseJson(outcome.out);
  EXPECT_EQ(summary["user_records"], 4);
  EXPECT_EQ(summary["written"]["aggregated"], 1);
  EXPECT_EQ(summary["written"]["user_records"], 4);
  EXPECT_EQ(summary["written"]["plain"], 0);
  EXPECT_EQ(summary["written"]["bytes"], ReadFile(Out()).size());
  EXPECT_EQ(summary["content_checksum"], ChecksumOf(Out()));
  outcome = Run({in, "--max-records", "3"});
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("2.0 user records each"));
  EXPECT_THAT(Run({in, "--quiet"}).err, IsEmpty());
}

TEST_F(Aggregate, JobsAndMappingChangeNothing) {
  const std::string in = Write("in", LargeArchive());
  Run({in, "-j", "1"});
  const std::string expected = ReadFile(Out());
  Run({in, "-j", "4", "--no-mmap"});
  EXPECT_EQ(ReadFile(Out()), expected);
}

TEST_F(Aggregate, LimitsAreKept) {
  const std::string in = Write("in", LargeArchive());
  Run({in, "--blob-size", "20KiB", "--container", "u32le"});
  const auto records = InspectLines(Out(), "u32le");
  EXPECT_GT(records.size(), 100U);
  for (const nlohmann::json& record : records) {
    EXPECT_LE(record["length"], 20 << 10);
  }
  Run({in, "--max-records", "7", "--limit", "20", "--container", "u32le"});
  std::vector<size_t> counts;
  for (const nlohmann::json& record : InspectLines(Out(), "u32le")) {
    counts.push_back(record["userRecords"].size());
  }
  EXPECT_THAT(counts, testing::ElementsAre(7, 7, 6));
}

TEST_F(Aggregate, FiltersApply) {
  const std::string in = Write("in", MakeBlob({"1", "2"}) + MakeBlob({"3"}));
  EXPECT_EQ(Run({in, "--partition-key", "a"}).status, 0);
  EXPECT_EQ(LinesOf(Out()), "1\n3\n");
  EXPECT_EQ(Run({in, "--limit", "2"}).status, 0);
  EXPECT_EQ(LinesOf(Out()), "1\n2\n");
}

// Records that another program extracted from an aggregate share its number.
TEST_F(Aggregate, DedupeKeepsRecordsOfOneSequenceNumber) {
  const std::string in =
      Write("in", FirehoseEvents({"a", "b", "a"}, /*sequence_number=*/"7"));
  const Outcome outcome =
      Run({in, "--dedupe", "sequence", "--summary", "json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(LinesOf(Out()), "a\nb\n");
  EXPECT_EQ(ParseJson(outcome.out)["sequence_conflicts"], 1);
}

TEST_F(Aggregate, SuspectsAreQuarantined) {
  const std::string in =
      Write("in", U32Le({MakeBlob({"1"}), MakeDamagedBlob(), MakeBlob({"2"})}));
  Outcome outcome = Run({in, "--from", "u32le"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(LinesOf(Out()), "1\n2\n");
  const auto quarantined = ParseLines(ReadFile(Out() + ".quarantine.ndjson"));
  ASSERT_EQ(quarantined.size(), 1U);
  EXPECT_EQ(quarantined[0]["data"], Base64Text(AsBytes(MakeDamagedBlob())));
  outcome = Run({in, "--from", "u32le", "--on-suspect", "fail"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("digest_mismatch"));
  outcome = Run(
      {in, "--from", "u32le", "--on-suspect", "pass", "--default-key", "k"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(LinesOf(Out()), "1\n" + MakeDamagedBlob() + "\n2\n");
}

TEST_F(Aggregate, RecordsWithoutKeyNeedOne) {
  const std::string in = Write("in", U32Le({MakeBlob({"1"}), "plain"}));
  const size_t offset = 4 + MakeBlob({"1"}).size() + 4;
  Outcome outcome = Run({in, "--from", "u32le"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err,
              HasSubstr(in + ": offset " + std::to_string(offset)));
  EXPECT_THAT(outcome.err, HasSubstr("--default-key"));
  EXPECT_FALSE(std::filesystem::exists(Out()));
  outcome = Run({in, "--from", "u32le", "--default-key", "k", "--summary",
                 "json", "--content-checksum"});
  EXPECT_EQ(outcome.status, 0);
  const auto records = RecordsOf(Out());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["partitionKey"], "a");
  EXPECT_EQ(records[1]["partitionKey"], "k");
  EXPECT_EQ(ParseJson(outcome.out)["content_checksum"], ChecksumOf(Out()));
}

TEST_F(Aggregate, KeyOfAPlainRecordIsKept) {
  const std::string event = R"({"kinesis":{"partitionKey":"own","data":")" +
                            Base64Text(AsBytes("plain")) +
                            "\"},\"eventID\":\"shardId-000000000000:7\"}\n";
  EXPECT_EQ(Run({Write("in", event)}).status, 0);
  ASSERT_EQ(RecordsOf(Out()).size(), 1U);
  EXPECT_EQ(RecordsOf(Out())[0]["partitionKey"], "own");
  EXPECT_EQ(RecordsOf(Out())[0]["aggregated"], true);
}

TEST_F(Aggregate, TooLargeAloneFails) {
  const std::string large(3000, 'x');
  const std::string in = Write("in", MakeBlob({"1"}) + MakeBlob({large}));
  Outcome outcome = Run({in, "--blob-size", "2KiB"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(in + ": offset " +
                                     std::to_string(MakeBlob({"1"}).size())));
  EXPECT_THAT(outcome.err, HasSubstr("3000 bytes of data"));
  EXPECT_THAT(outcome.err,
              HasSubstr("a --container that can hold such a record, which "
                        "blobs cannot"));
  EXPECT_THAT(outcome.err, HasSubstr("--blob-size"));
  EXPECT_FALSE(std::filesystem::exists(Out()));
  outcome = Run({in, "--blob-size", "2KiB", "--container", "varint"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("--too-large plain"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("blobs cannot")));
}

TEST_F(Aggregate, TooLargeAloneIsPlainWhereAskedFor) {
  const std::string large(3000, 'x');
  const std::string in = Write(
      "in", MakeBlob({"1"}) + MakeBlob({large, "after"}) + MakeBlob({"last"}));
  for (const char* container :
       {"u32le", "varint", "base64-lines", "lambda-json", "get-records-json"}) {
    const std::string name = container;
    const Outcome outcome =
        Run({in, "--blob-size", "2KiB", "--too-large", "plain", "--container",
             name, "--content-checksum", "--summary", "json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const nlohmann::json summary = ParseJson(outcome.out);
    const bool json = name.ends_with("json");
    EXPECT_EQ(summary["written"]["plain"], 1);
    EXPECT_EQ(summary["written"]["aggregated"], 2);
    EXPECT_EQ(summary["written"]["without_all_keys"], json ? 0 : 1);
    const std::string from =
        name.starts_with("u32") || name == "varint" ? name : "auto";
    EXPECT_EQ(summary["content_checksum"], ChecksumOf(Out(), from)) << name;
    EXPECT_EQ(LinesOf(Out(), from), "1\n" + large + "\nafter\nlast\n");
    if (json) {
      EXPECT_EQ(ChecksumOf(Out()), ChecksumOf(in));
    }
  }
}

// It would be read as an aggregate, or as a damaged one.
TEST_F(Aggregate, WhatLooksAggregatedIsNeverPlain) {
  for (const std::string& data :
       {MakeBlob({std::string(3000, 'x')}),
        "\xF3\x89\x9A\xC2" + std::string(3000, 'x')}) {
    const Outcome outcome =
        Run({Write("in", MakeBlob({data})), "--blob-size", "2KiB",
             "--too-large", "plain", "--container", "u32le"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("looks like an aggregate"));
  }
}

// The KCL would lose the records after them in an aggregate.
TEST_F(Aggregate, HashKeysThatAreNotNumbersHaveBlobsOfTheirOwn) {
  std::vector<NewUserRecord> records(5000, {"k", AsBytes("datum")});
  records[9].explicit_hash_key = "undefined";
  records[4000].explicit_hash_key = "";
  records[4001].explicit_hash_key = "007";
  const std::string in = Write("in", MixedBlob(records));
  Outcome outcome = Run({in, "--summary", "json", "--content-checksum"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json summary = ParseJson(outcome.out);
  EXPECT_EQ(summary["content_checksum"], ChecksumOf(in));
  EXPECT_EQ(summary["written"]["aggregated"], 2);
  EXPECT_EQ(summary["written"]["unplaced"], 1);
  EXPECT_EQ(summary["written"]["unplaced_records"], 2);
  EXPECT_EQ(ChecksumOf(Out()), ChecksumOf(in));
  const auto blobs = InspectLines(Out());
  ASSERT_EQ(blobs.size(), 2U);
  EXPECT_EQ(blobs[0]["userRecords"].size(), 4998U);
  ASSERT_EQ(blobs[1]["userRecords"].size(), 2U);
  EXPECT_EQ(blobs[1]["userRecords"][0]["explicitHashKey"], "undefined");
  EXPECT_EQ(blobs[1]["userRecords"][1]["explicitHashKey"], "");
  outcome = Run({in});
  EXPECT_THAT(outcome.err, HasSubstr("of unplaced records"));
  EXPECT_THAT(outcome.err, HasSubstr("1  2 user records whose explicit hash "
                                     "keys are not numbers below 2^128"));
  EXPECT_THAT(Run({Write("in", MakeBlob({"1"}))}).err,
              Not(HasSubstr("unplaced")));
}

TEST_F(Aggregate, InputThatFailsCostsNoOtherAnything) {
  const std::string bad = Write("bad", "no archive at all");
  const std::string good = Write("good", MakeBlob({"1"}));
  const Outcome outcome =
      Run({bad, good, directory_ / "missing", "--keep-going"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(bad));
  EXPECT_THAT(outcome.err, HasSubstr("with --from"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("--container")));
  EXPECT_THAT(outcome.err, HasSubstr("missing"));
  EXPECT_EQ(LinesOf(Out()), "1\n");
}

TEST_F(Aggregate, OutputsThatCannotBeWritten) {
  const std::string in = Write("in", MakeBlob({"1"}));
  EXPECT_EQ(RunProgram({"aggregate", in, "-o", in}).status, 2);
  EXPECT_EQ(RunProgram({"aggregate", in, "-o", directory_.path()}).status, 2);
  EXPECT_EQ(RunProgram({"aggregate", in, "-o", directory_ / "none/out"}).status,
            3);
  EXPECT_EQ(RunProgram({"aggregate", in, "-o", "/dev/full"}).status, 3);
}

// The first pieces are written long before the last record is packed.
TEST_F(Aggregate, DiskThatIsFullInTheMiddle) {
  const std::string in = Write("in", LargeArchive());
  for (const char* jobs : {"1", "2"}) {
    const Outcome outcome =
        RunProgram({"aggregate", in, "-o", "/dev/full", "-j", jobs,
                    "--blob-size", "20KiB", "--summary", "json"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("/dev/full: cannot write"));
    EXPECT_LT(ParseJson(outcome.out)["user_records"], kLargeRecords);
  }
}

TEST_F(Aggregate, PipesOnBothSides) {
  const std::string blobs = MakeBlob({"1", "2"}) + MakeBlob({"3"});
  const Outcome outcome = RunProgram(
      {"aggregate", "-", "-o", "-", "--summary", "json"},
      {.pipe = oracle::Gzip(blobs), .stdout_path = {}, .directory = {}});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(ParseJson(outcome.err)["written"]["aggregated"], 1);
  EXPECT_EQ(LinesOf(Write("packed", outcome.out)), "1\n2\n3\n");
}

TEST_F(Aggregate, NothingInNothingOut) {
  EXPECT_EQ(Run({Write("in", "")}).status, 0);
  EXPECT_THAT(ReadFile(Out()), IsEmpty());
}

}  // namespace
}  // namespace thresh
