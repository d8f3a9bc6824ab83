// `thresh aggregate --format put-records`: requests that Kinesis accepts, with
// everything that the archive holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/base64.h"
#include "blob_maker.h"
#include "cli/aggregate_run.h"
#include "cli/archives.h"
#include "sanitized.h"
#include "thresh/hash_key.h"
#include "thresh/kinesis_keys.h"

namespace thresh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kMiB = size_t{1} << 20;

std::string DataOf(const nlohmann::json& record) {
  const std::string text = record["Data"];
  std::string data(Base64DecodedBound(text.size()), '\0');
  const auto size =
      Base64Decode(AsBytes(text), reinterpret_cast<uint8_t*>(data.data()));
  EXPECT_TRUE(size.has_value());
  data.resize(size.value_or(0));
  return data;
}

// The size that Kinesis counts for a record.
size_t SizeOf(const nlohmann::json& record) {
  return DataOf(record).size() + std::string(record["PartitionKey"]).size();
}

std::string OneRecord(const NewUserRecord& record) {
  BlobMaker maker;
  maker.Add(record);
  return maker.Take();
}

class AggregateRequests : public AggregateRun {
 protected:
  // Runs with these options, expects exit status `status`, and reads Out().
  Outcome Requests(std::vector<std::string> options, int status = 0) {
    documents_.clear();
    records_.clear();
    options.insert(options.end(), {"--format", "put-records"});
    if (std::ranges::find(options, "--stream") == options.end()) {
      options.insert(options.end(), {"--stream", "clicks"});
    }
    Outcome outcome = Run(options);
    EXPECT_EQ(outcome.status, status) << outcome.err;
    if (status > 1) return outcome;
    documents_ = ParseLines(ReadFile(Out()));
    for (const nlohmann::json& document : documents_) {
      for (const nlohmann::json& record : document["Records"]) {
        records_.push_back(record);
      }
    }
    return outcome;
  }

  // The checksum of the user records that the requests hold.
  std::string DigestOfRecords() {
    std::vector<std::string> data;
    for (const nlohmann::json& record : records_) {
      data.push_back(DataOf(record));
    }
    return ChecksumOf(Write("sent", U32Le(data)), "u32le");
  }

  // The number of records in each document.
  [[nodiscard]] std::vector<size_t> Counts() const {
    std::vector<size_t> counts;
    for (const nlohmann::json& document : documents_) {
      counts.push_back(document["Records"].size());
    }
    return counts;
  }

  std::vector<nlohmann::json> documents_;
  std::vector<nlohmann::json> records_;
};

TEST_F(AggregateRequests, HoldWhatTheArchiveHolds) {
  const std::string in = Write("in", LargeArchive(120'000));
  for (const char* blob_size : {"50KiB", "1MiB"}) {
    Requests({in, "--blob-size", blob_size});
    EXPECT_EQ(DigestOfRecords(), ChecksumOf(in));
    ASSERT_GE(documents_.size(), 3U);
    size_t before = 10 * kMiB;
    for (const nlohmann::json& document : documents_) {
      EXPECT_EQ(document.size(), 2U);
      EXPECT_EQ(document["StreamName"], "clicks");
      const nlohmann::json& records = document["Records"];
      size_t size = 0;
      for (const nlohmann::json& record : records) {
        EXPECT_LE(SizeOf(record), kMiB);
        size += SizeOf(record);
      }
      EXPECT_LE(records.size(), 500U);
      EXPECT_LE(size, 10 * kMiB);
      // The first of these did not fit in the previous document.
      EXPECT_GT(before + SizeOf(records[0]), 10 * kMiB);
      before = size;
    }
  }
}

TEST_F(AggregateRequests, JobsChangeNothing) {
  const std::string in = Write("in", LargeArchive());
  Requests({in, "-j", "1"});
  const std::string expected = ReadFile(Out());
  Requests({in, "-j", "3"});
  EXPECT_TRUE(ReadFile(Out()) == expected);
}

TEST_F(AggregateRequests, EveryBlobGoesWhereItsFirstRecordWould) {
  const std::string in = Write(
      "in", OneRecord({"own", AsBytes("1")}) +
                OneRecord({"own", AsBytes("2"), "007"}) + MakeBlob({"3", "4"}));
  Requests({in, "--max-records", "1"});
  std::vector<std::string> keys;
  std::vector<std::string> hash_keys;
  for (const nlohmann::json& record : records_) {
    keys.push_back(record["PartitionKey"]);
    hash_keys.push_back(record["ExplicitHashKey"]);
  }
  const auto hash_of = [](std::string_view key) {
    return HashKeyText(*EffectiveHashKey(key, std::nullopt));
  };
  EXPECT_THAT(keys, ElementsAre("own", "own", "a", "b"));
  EXPECT_THAT(hash_keys,
              ElementsAre(hash_of("own"), "7", hash_of("a"), hash_of("b")));
  Requests({in});
  ASSERT_EQ(records_.size(), 1U);
  EXPECT_EQ(records_[0]["PartitionKey"], "a");
  EXPECT_EQ(records_[0]["ExplicitHashKey"], hash_of("own"));
}

TEST_F(AggregateRequests, ADocumentHas500Records) {
  const auto counts_of = [this](int lines) {
    std::string content;
    for (int i = 0; i < lines; ++i) content += "line\n";
    Requests({Write("in", content), "--from", "lines", "--key", "k",
              "--max-records", "1"});
    return Counts();
  };
  EXPECT_THAT(counts_of(499), ElementsAre(499));
  EXPECT_THAT(counts_of(500), ElementsAre(500));
  EXPECT_THAT(counts_of(501), ElementsAre(500, 1));
  EXPECT_THAT(counts_of(1000), ElementsAre(500, 500));
}

TEST_F(AggregateRequests, ADocumentHas10MiB) {
  // With its key of one byte, the largest possible record.
  const std::string line = std::string(kMiB - 1, 'x') + "\n";
  std::string content;
  for (int i = 0; i < 10; ++i) content += line;
  const auto counts_of = [this](const std::string& lines) {
    Requests({Write("in", lines), "--from", "lines", "--key", "k",
              "--too-large", "plain"});
    return Counts();
  };
  EXPECT_THAT(counts_of(content), ElementsAre(10));
  EXPECT_THAT(counts_of(content + "x\n"), ElementsAre(10, 1));
  // Space for all but one byte, and then for all, of a blob with one byte of
  // data.
  const size_t blob = OneRecord({"k", AsBytes("x")}).size() + 1;
  content.erase(0, blob - 1);
  EXPECT_THAT(counts_of(content + "x\n"), ElementsAre(10, 1));
  content.erase(0, 1);
  EXPECT_THAT(counts_of(content + "x\n"), ElementsAre(11));
}

TEST_F(AggregateRequests, RecordsAreAsLargeAsTheStreamTakes) {
  const auto run = [this](size_t size, std::vector<std::string> more,
                          int status) {
    more.insert(more.end(),
                {Write("in", std::string(size, 'x') + "\n"), "--from", "lines",
                 "--key", "k", "--too-large", "plain"});
    return Requests(more, status);
  };
  run(kMiB - 1, {}, 0);
  EXPECT_EQ(SizeOf(records_[0]), kMiB);
  const Outcome outcome = run(kMiB, {}, 3);
  EXPECT_THAT(outcome.err, HasSubstr("1048576 bytes of data"));
  EXPECT_THAT(outcome.err, HasSubstr("--max-record-size"));
  run(kMiB, {"--max-record-size", "2MiB"}, 0);
  EXPECT_EQ(SizeOf(records_[0]), kMiB + 1);
  run(10 * kMiB - 1, {"--max-record-size", "10MiB"}, 0);
  EXPECT_EQ(SizeOf(records_[0]), 10 * kMiB);
  run(10 * kMiB, {"--max-record-size", "10MiB"}, 3);
}

// A blob of one record is sent under that record's key, unless the key does not
// fit with the blob.
TEST_F(AggregateRequests, ABlobLeavesRoomForItsKey) {
  const std::string key(200, 'k');
  const size_t overhead =
      OneRecord({key, AsBytes(std::string(kMiB / 2, 'x'))}).size() - kMiB / 2;
  const auto key_of = [&](size_t blob_size) {
    const std::string data(blob_size - overhead, 'x');
    const std::string in = Write("in", OneRecord({key, AsBytes(data)}));
    Requests({in});
    EXPECT_EQ(records_.size(), 1U);
    EXPECT_EQ(DataOf(records_[0]).size(), blob_size);
    EXPECT_EQ(DigestOfRecords(), ChecksumOf(in));
    return std::string(records_[0]["PartitionKey"]);
  };
  EXPECT_EQ(key_of(kMiB - 200), key);
  EXPECT_EQ(key_of(kMiB - 199), "a");
  EXPECT_EQ(key_of(kMiB - 1), "a");
}

TEST_F(AggregateRequests, PlainRecordsKeepTheirKeys) {
  const std::string large(3000, 'x');
  const std::string in =
      Write("in", MakeBlob({"1"}) + OneRecord({"\xC3\xA9\"", AsBytes(large)}) +
                      OneRecord({"k", AsBytes(large), "12"}));
  const Outcome outcome =
      Requests({in, "--blob-size", "2KiB", "--too-large", "plain",
                "--content-checksum", "--summary", "json"});
  ASSERT_EQ(records_.size(), 3U);
  EXPECT_EQ(DataOf(records_[1]), large);
  EXPECT_EQ(records_[1]["PartitionKey"], "\xC3\xA9\"");
  EXPECT_FALSE(records_[1].contains("ExplicitHashKey"));
  EXPECT_EQ(DataOf(records_[2]), large);
  EXPECT_EQ(records_[2]["PartitionKey"], "k");
  EXPECT_EQ(records_[2]["ExplicitHashKey"], "12");
  const nlohmann::json summary = ParseJson(outcome.out);
  EXPECT_EQ(summary["content_checksum"], ChecksumOf(in));
  EXPECT_EQ(summary["written"]["plain"], 2);
  EXPECT_EQ(summary["written"]["without_all_keys"], 0);
}

TEST_F(AggregateRequests, PlainRecordsHaveKeysThatKinesisTakes) {
  const std::string large(3000, 'x');
  const std::string long_key(257, 'k');
  for (const NewUserRecord& record : {NewUserRecord{"", AsBytes(large)},
                                      {"\xFF", AsBytes(large)},
                                      {long_key, AsBytes(large)}}) {
    const std::string in = Write("in", MakeBlob({"1"}) + OneRecord(record));
    const Outcome outcome =
        Requests({in, "--blob-size", "2KiB", "--too-large", "plain"}, 3);
    EXPECT_THAT(outcome.err, HasSubstr(in + ": offset " +
                                       std::to_string(MakeBlob({"1"}).size())));
    EXPECT_THAT(outcome.err, HasSubstr("a key that would be lost"));
    EXPECT_FALSE(std::filesystem::exists(Out()));
  }
}

TEST_F(AggregateRequests, HashKeysThatKinesisWouldNotTake) {
  const auto archive = [](std::optional<std::string_view> hash_key) {
    return MakeBlob({"1", "2"}) + OneRecord({"k", AsBytes("3"), hash_key}) +
           OneRecord({"k", AsBytes("4"), "007"});
  };
  const std::string with_key = Write("dropped", archive(std::nullopt));
  const std::string without = Write(
      "without", MakeBlob({"1", "2"}) + OneRecord({"k", AsBytes("4"), "007"}));
  const std::string place =
      ": offset " + std::to_string(MakeBlob({"1", "2"}).size()) + ": ";
  for (const std::string key :
       {"", "undefined", "-1", "340282366920938463463374607431768211456"}) {
    const std::string in = Write("in", archive(key));
    std::filesystem::remove(Out());
    Outcome outcome = Requests({in}, 3);
    EXPECT_THAT(outcome.err, HasSubstr(in + place));
    EXPECT_THAT(outcome.err, HasSubstr("'" + key + "'"));
    EXPECT_THAT(outcome.err, HasSubstr("--on-unsendable drop-hash-key"));
    EXPECT_THAT(outcome.err, HasSubstr("--on-unsendable skip"));
    EXPECT_FALSE(std::filesystem::exists(Out()));

    outcome = Requests({in, "--on-unsendable", "skip", "--summary", "json",
                        "--content-checksum"},
                       1);
    nlohmann::json summary = ParseJson(outcome.out);
    EXPECT_EQ(summary["written"]["unsendable"], 1);
    EXPECT_EQ(summary["written"]["dropped_hash_keys"], 0);
    EXPECT_EQ(summary["written"]["user_records"], 3);
    EXPECT_EQ(summary["content_checksum"], ChecksumOf(without));
    EXPECT_EQ(DigestOfRecords(), ChecksumOf(without));
    outcome = Requests({in, "--on-unsendable", "skip"}, 1);
    EXPECT_THAT(outcome.err, HasSubstr("the first: " + in + place));

    outcome = Requests({in, "--on-unsendable", "drop-hash-key", "--summary",
                        "json", "--content-checksum"});
    summary = ParseJson(outcome.out);
    EXPECT_EQ(summary["written"]["unsendable"], 0);
    EXPECT_EQ(summary["written"]["dropped_hash_keys"], 1);
    EXPECT_EQ(summary["written"]["unplaced"], 0);
    EXPECT_EQ(summary["content_checksum"], ChecksumOf(with_key));
    EXPECT_EQ(DigestOfRecords(), ChecksumOf(with_key));
    outcome = Requests({in, "--on-unsendable", "drop-hash-key"});
    EXPECT_THAT(outcome.err, HasSubstr("hash keys dropped"));
  }
}

// The remedies for the first record differ from those for a file that is not an
// archive.
TEST_F(AggregateRequests, TheFirstRecordMayBeTheOneThatIsNotTaken) {
  const std::string in = Write("in", OneRecord({"k", {}, "undefined"}));
  EXPECT_THAT(Requests({in}, 3).err, testing::Not(HasSubstr("--from")));
}

// Kinesis parses a plain record's hash key, and rejects leading zeros.
TEST_F(AggregateRequests, HashKeysOfPlainRecordsThatKinesisWouldNotTake) {
  const std::string large(3000, 'x');
  const std::vector<std::string> plain = {"--blob-size", "2KiB", "--too-large",
                                          "plain"};
  const auto run = [&](const std::string& in, std::vector<std::string> more,
                       int status) {
    more.insert(more.end(), plain.begin(), plain.end());
    more.push_back(in);
    return Requests(more, status);
  };
  for (const std::string key : {"007", "none"}) {
    const std::string in =
        Write("in", OneRecord({"k", AsBytes(large), key}) + MakeBlob({"1"}));
    const Outcome failed = run(in, {}, 3);
    EXPECT_THAT(failed.err, HasSubstr(in + ": offset 0: "));
    EXPECT_THAT(failed.err, HasSubstr("'" + key + "'"));
    run(in, {"--on-unsendable", "skip"}, 1);
    ASSERT_EQ(records_.size(), 1U);
    EXPECT_EQ(DigestOfRecords(), ChecksumOf(Write("rest", MakeBlob({"1"}))));
    run(in, {"--on-unsendable", "drop-hash-key"}, 0);
    ASSERT_EQ(records_.size(), 2U);
    EXPECT_EQ(DataOf(records_[0]), large);
    EXPECT_EQ(records_[0]["PartitionKey"], "k");
    EXPECT_FALSE(records_[0].contains("ExplicitHashKey"));
  }
  // Without its hash key, this record fits in a blob.
  const std::string long_key(2000, 'u');
  const std::string in = Write("in", OneRecord({"k", AsBytes("1"), long_key}));
  run(in, {"--on-unsendable", "drop-hash-key"}, 0);
  ASSERT_EQ(records_.size(), 1U);
  EXPECT_EQ(DigestOfRecords(),
            ChecksumOf(Write("rest", OneRecord({"k", AsBytes("1")}))));
}

TEST_F(AggregateRequests, JobsAndPipesDoNotChangeWhatIsUnsendable) {
  std::string archive;
  BlobMaker maker;
  const std::vector<std::string> hash_keys = {"undefined", "", "12", "007"};
  for (size_t i = 0; i < (kSanitized ? 20'000 : 60'000); ++i) {
    const std::string data = std::to_string(i) + std::string(90, 'x');
    NewUserRecord record = {.partition_key = i % 3 == 0 ? "k" : "l",
                            .data = AsBytes(data)};
    if (i % 7 == 0) record.explicit_hash_key = hash_keys[i % 4];
    const bool wrong = i % 7 == 0 && i % 4 < 2;
    if (!wrong) maker.Add(record);
    if (wrong) archive += OneRecord(record);
    if (i % 100 == 99) archive += maker.Take();
  }
  const std::string in = Write("in", archive);
  for (const char* policy : {"skip", "drop-hash-key"}) {
    const int status = policy == std::string("skip") ? 1 : 0;
    std::vector<std::string> options = {in, "--on-unsendable", policy, "-j",
                                        "1"};
    Requests(options, status);
    const std::string expected = ReadFile(Out());
    options.back() = "3";
    Requests(options, status);
    EXPECT_TRUE(ReadFile(Out()) == expected);
    options.push_back("--no-mmap");
    Requests(options, status);
    EXPECT_TRUE(ReadFile(Out()) == expected);
  }
}

TEST_F(AggregateRequests, LinesMayBeUnsendable) {
  const std::string in =
      Write("in",
            "{\"partitionKey\":\"k\",\"data\":\"eA==\"}\n"
            "{\"partitionKey\":\"k\",\"explicitHashKey\":\"undefined\","
            "\"data\":\"eA==\"}\n");
  EXPECT_THAT(Requests({in, "--from", "ndjson"}, 3).err,
              HasSubstr("'undefined'"));
  Requests({in, "--from", "ndjson", "--on-unsendable", "drop-hash-key"});
  EXPECT_EQ(DigestOfRecords(), ChecksumOf(Write("two", [] {
              BlobMaker maker;
              maker.Add({"k", AsBytes("x")});
              maker.Add({"k", AsBytes("x")});
              return maker.Take();
            }())));
}

TEST_F(AggregateRequests, AStreamMayBeNamedByItsArn) {
  const std::string arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/s";
  Requests({Write("in", MakeBlob({"1"})), "--stream", arn});
  ASSERT_EQ(documents_.size(), 1U);
  EXPECT_EQ(documents_[0]["StreamARN"], arn);
  EXPECT_FALSE(documents_[0].contains("StreamName"));
}

TEST_F(AggregateRequests, OfNothingThereAreNone) {
  Requests({Write("in", "")});
  EXPECT_THAT(ReadFile(Out()), IsEmpty());
}

TEST_F(AggregateRequests, ReplaySendsThem) {
  const std::string in = Write("in", LargeArchive());
  Requests({in, "--blob-size", "100KiB", "--too-large", "plain"});
  const std::string map =
      R"({"Shards":[{"ShardId":"shardId-0","HashKeyRange":{)"
      R"("StartingHashKey":"0","EndingHashKey":)"
      R"("340282366920938463463374607431768211455"}}]})";
  const Outcome outcome = RunProgram({"replay", "--requests", Out(), "--stream",
                                      "clicks", "--shards", Write("map", map),
                                      "--dry-run", "--summary", "json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json replay = ParseJson(outcome.out)["replay"];
  EXPECT_EQ(replay["complete"], true);
  EXPECT_EQ(replay["kinesis_records"], records_.size());
}

}  // namespace
}  // namespace thresh
