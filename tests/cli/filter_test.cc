// The options that select records, valid and invalid.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "blob_maker.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "digest/hostile.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class FilterCli : public testing::Test {
 protected:
  FilterCli()
      : blobs_(directory_ / "blobs"),
        events_(directory_ / "events"),
        empty_(directory_ / "empty") {
    WriteFile(blobs_, MakeBlob({"1", "2", "3"}) + MakeBlob({"4", "5", "6"}));
    WriteFile(events_, Event("0", 100, MakeBlob({"x", "y"})) +
                           Event("1", 200, MakeBlob({"z"})) +
                           Event("1", 200, MakeBlob({"z"})));
    WriteFile(empty_, "\n");
  }

  static std::string Event(const std::string& shard, int time,
                           const std::string& data) {
    return R"({"kinesis":{"sequenceNumber":"7","data":")" +
           Base64Text(AsBytes(data)) + R"(","approximateArrivalTimestamp":)" +
           std::to_string(time) + R"(},"eventID":"shardId-00000000000)" +
           shard + ":7\"}\n";
  }

  Outcome Run(const std::string& input, std::vector<std::string> options) {
    options.insert(options.begin(), {"deaggregate", "--format", "lines"});
    options.push_back(input);
    return RunProgram(
        options,
        {.pipe = {}, .stdout_path = {}, .directory = directory_.path()});
  }

  void ExpectLines(const std::string& input,
                   const std::vector<std::string>& options,
                   const std::string& lines) {
    const Outcome outcome = Run(input, options);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, lines) << options[0];
  }

  TemporaryDirectory directory_;
  std::string blobs_;
  std::string events_;
  std::string empty_;
};

TEST_F(FilterCli, PartitionKeys) {
  ExpectLines(blobs_, {"--partition-key", "a"}, "1\n4\n");
  ExpectLines(blobs_, {"--partition-key", "a", "--partition-key", "c"},
              "1\n3\n4\n6\n");
  ExpectLines(blobs_, {"--partition-key", ""}, "");
  ExpectLines(blobs_, {"--partition-key-glob", "[!a]"}, "2\n3\n5\n6\n");
  ExpectLines(blobs_, {"--partition-key-regex", "a|c"}, "1\n3\n4\n6\n");
  WriteFile(directory_ / "keys", "b\nnone\n");
  ExpectLines(blobs_, {"--partition-key-file", directory_ / "keys"}, "2\n5\n");
  ExpectLines(blobs_,
              {"--partition-key-file", directory_ / "keys",
               "--partition-key-glob", "c*"},
              "2\n3\n5\n6\n");
}

// MD5 of "a", "b", "c" begins with 0c, 92 and 4a.
TEST_F(FilterCli, HashRange) {
  const std::string middle = "0x80000000000000000000000000000000";
  ExpectLines(blobs_, {"--hash-range", "0-" + middle}, "1\n3\n4\n6\n");
  ExpectLines(blobs_, {"--hash-range", middle + "-0x" + std::string(32, 'f')},
              "2\n5\n");
  ExpectLines(blobs_,
              {"--hash-range", "0-" + middle, "--hash-range-mode", "aggregate"},
              "");
  ExpectLines(blobs_,
              {"--hash-range", "0-0x" + std::string(32, 'f'),
               "--hash-range-mode", "aggregate"},
              "1\n2\n3\n4\n5\n6\n");
}

TEST_F(FilterCli, ShardAndTime) {
  ExpectLines(events_, {"--shard", "1"}, "z\nz\n");
  ExpectLines(events_, {"--shard", "shardId-000000000000"}, "x\ny\n");
  ExpectLines(events_, {"--shard", "0", "--shard", "1"}, "x\ny\nz\nz\n");
  ExpectLines(events_, {"--since", "100.5"}, "z\nz\n");
  ExpectLines(events_, {"--until", "1970-01-01T00:03:20Z"}, "x\ny\n");
}

TEST_F(FilterCli, ArchivesWithoutMetadataAreNoted) {
  const Outcome outcome = Run(blobs_, {"--shard", "1", "--quiet"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("2 Kinesis records are left out"));
  EXPECT_THAT(outcome.err, HasSubstr("no record has it"));
  EXPECT_THAT(Run(events_, {"--shard", "8", "--quiet"}).err, IsEmpty());
}

TEST_F(FilterCli, SampleIsStable) {
  ExpectLines(blobs_, {"--sample", "1/1"}, "1\n2\n3\n4\n5\n6\n");
  std::string all;
  const Outcome sample = Run(blobs_, {"--sample", "1/2"});
  // A key is in the sample or not, regardless of the blob.
  EXPECT_EQ(sample.out.find('1') == std::string::npos,
            sample.out.find('4') == std::string::npos);
  EXPECT_EQ(sample.out, Run(blobs_, {"--sample", "1/2"}).out);
}

TEST_F(FilterCli, Dedupe) {
  ExpectLines(events_, {"--dedupe", "sequence"}, "x\ny\nz\n");
  ExpectLines(events_, {"--dedupe", "content", "--dedupe-memory", "2MiB"},
              "x\ny\nz\n");
  ExpectLines(blobs_, {"--dedupe", "sequence"}, "1\n2\n3\n4\n5\n6\n");
}

// A blob of records with one key.
std::string TenantBlob(std::span<const std::string> data) {
  BlobMaker maker;
  for (const std::string& datum : data) {
    maker.Add({std::string(kTenant), AsBytes(datum)});
  }
  return maker.Take();
}

TEST_F(FilterCli, DedupeKeepsRecordsThatWereMadeToCollide) {
  const std::vector<std::string> data = CollidingData(1000);
  WriteFile(directory_ / "colliding", TenantBlob(data));
  std::string lines;
  for (const std::string& datum : data) lines += datum + "\n";
  ExpectLines(directory_ / "colliding", {"--dedupe", "content"}, lines);

  std::string events;
  for (const std::string& datum : data) {
    events += Event("0", 100, TenantBlob({&datum, 1}));
  }
  WriteFile(directory_ / "colliding-events", events);
  ExpectLines(directory_ / "colliding-events", {"--dedupe", "sequence"}, lines);
}

TEST_F(FilterCli, DigestsOfArchivesThatWereMadeToCollideDiffer) {
  const std::vector<std::string> data = CollidingData(2);
  std::vector<nlohmann::json> summaries;
  for (const std::string& datum : data) {
    WriteFile(directory_ / "one", TenantBlob({&datum, 1}));
    const Outcome outcome =
        RunProgram({"verify", directory_ / "one", "--content-checksum",
                    "--content-digest", "--summary", "json"});
    summaries.push_back(ParseJson(outcome.out));
  }
  EXPECT_NE(summaries[0]["content_digest"], summaries[1]["content_digest"]);
  EXPECT_EQ(summaries[0]["content_checksum"], summaries[1]["content_checksum"])
      << "which says nothing against an adversary";
}

TEST_F(FilterCli, DedupeThatNeedsMoreMemoryFails) {
  WriteFile(directory_ / "large", LargeArchive());
  const Outcome outcome =
      Run(directory_ / "large", {"--dedupe", "content", "--dedupe-memory",
                                 "1MiB", "-o", directory_ / "out"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("--dedupe-memory"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "out"));
}

TEST_F(FilterCli, Limit) {
  ExpectLines(blobs_, {"--limit", "4"}, "1\n2\n3\n4\n");
  ExpectLines(blobs_, {"--limit", "0"}, "");
  ExpectLines(blobs_, {"--limit", "2", "--partition-key", "b"}, "2\n5\n");
  EXPECT_THAT(Run(blobs_, {"--limit", "4"}).err, HasSubstr("limit reached"));
}

TEST_F(FilterCli, SubSequenceNumbersAreThoseOfTheAggregate) {
  const Outcome outcome = RunProgram(
      {"deaggregate", blobs_, "--partition-key", "c", "--limit", "1"});
  const auto lines = ParseLines(outcome.out);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["subSequenceNumber"], 2);
  EXPECT_EQ(lines[0]["aggregated"], true);
}

TEST_F(FilterCli, SummaryCounts) {
  Outcome outcome = Run(blobs_, {"--partition-key", "a", "--summary", "json"});
  nlohmann::json summary = ParseJson(outcome.err);
  EXPECT_EQ(summary["user_records"], 2);
  EXPECT_EQ(summary["user_bytes"], 2);
  EXPECT_EQ(summary["filtered_records"], 4);
  EXPECT_EQ(summary["skipped_records"], 0);
  EXPECT_EQ(summary["limited"], false);
  EXPECT_THAT(Run(blobs_, {"--partition-key", "a"}).err,
              HasSubstr("filtered out"));
  // What follows the limit is not counted.
  outcome = Run(events_, {"--shard", "0", "--limit", "2", "--summary", "json"});
  EXPECT_EQ(ParseJson(outcome.err)["skipped_records"], 0);
  outcome = Run(events_, {"--shard", "1", "--limit", "1", "--summary", "json"});
  summary = ParseJson(outcome.err);
  EXPECT_EQ(summary["skipped_records"], 1);
  EXPECT_EQ(summary["skipped_without_metadata"], 0);
  EXPECT_EQ(summary["limited"], true);
}

TEST_F(FilterCli, TimesThatCannotBeReadAreSaidToLeaveRecordsOut) {
  const std::string path = directory_ / "times";
  const auto record = [](const std::string& time) {
    return R"({"Records":[{"SequenceNumber":"1","Data":"YQ==",)"
           R"("ApproximateArrivalTimestamp":)" +
           time + "}]}\n";
  };
  WriteFile(path, record("1750000000") + record("\"2025-06-15 15:06:40\"") +
                      record("\"2025-06-15T15:06:41Z\"") + record("null"));
  const Outcome outcome =
      Run(path, {"--since", "1740000000", "--summary", "json"});
  const nlohmann::json summary =
      ParseJson(outcome.err.substr(outcome.err.find('{')));
  EXPECT_EQ(summary["user_records"], 2);
  EXPECT_EQ(summary["skipped_records"], 2);
  EXPECT_EQ(summary["skipped_unreadable_time"], 1);
  EXPECT_EQ(summary["skipped_without_metadata"], 1);
  EXPECT_THAT(
      outcome.err,
      HasSubstr("1 Kinesis records are left out because their arrival time"));
}

TEST_F(FilterCli, WrongUseIsNamed) {
  const std::vector<std::vector<std::string>> wrong = {
      {"--partition-key-regex", "("},
      {"--partition-key-glob", "[z-a]"},
      {"--hash-range", "2-1"},
      {"--hash-range", "0-340282366920938463463374607431768211456"},
      {"--hash-range", "5"},
      {"--hash-range-mode", "aggregate"},
      {"--hash-range", "0-1", "--hash-range-mode", "half"},
      {"--since", "yesterday"},
      {"--until", ""},
      {"--since", "5", "--until", "5"},
      {"--sample", "1/0"},
      {"--sample", "2/3"},
      {"--sample", "10"},
      {"--dedupe", "twice"},
      {"--dedupe", "content", "--dedupe-memory", "much"},
      {"--dedupe", "content", "--dedupe-memory", "1kB"},
      {"--dedupe-memory", "1GiB"},
      {"--limit", "-1"},
      {"--limit", "few"},
  };
  for (const std::vector<std::string>& options : wrong) {
    const Outcome outcome = Run(blobs_, options);
    EXPECT_EQ(outcome.status, 2) << options[0] << " " << options.back();
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, HasSubstr("thresh: "));
  }
  for (const std::string& file : {empty_, directory_ / "missing"}) {
    const Outcome outcome = Run(blobs_, {"--partition-key-file", file});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr(file));
  }
}

}  // namespace
}  // namespace thresh
