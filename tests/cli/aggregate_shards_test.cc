// `thresh aggregate --shard-map`: no consumer finds a record outside its shard.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "cli/aggregate_run.h"
#include "cli/archives.h"
#include "thresh/hash_key.h"

namespace thresh {
namespace {

using testing::HasSubstr;

constexpr uint32_t kShards = 5;

class AggregateShards : public AggregateRun {
 protected:
  AggregateShards() { WriteFile(map_, MapOf(EqualRanges(kShards))); }

  static std::string MapOf(const std::vector<HashKeyRange>& ranges) {
    nlohmann::json shards = nlohmann::json::array();
    for (const HashKeyRange& range : ranges) {
      shards.push_back(
          {{"ShardId", "shard-" + range.name},
           {"HashKeyRange",
            {{"StartingHashKey", HashKeyText(range.first)},
             {"EndingHashKey", HashKeyText(range.last)}}},
           {"SequenceNumberRange", {{"StartingSequenceNumber", "1"}}}});
    }
    return nlohmann::json{{"Shards", shards}}.dump();
  }

  // The user records of each shard, in its order, with aggregates dropped as a
  // whole if a record is outside.
  std::vector<nlohmann::json> OfShard(const HashKeyRange& range) {
    return ParseLines(
        RunProgram({"deaggregate", Out(), "--shard", "shard-" + range.name,
                    "--hash-range",
                    HashKeyText(range.first) + "-" + HashKeyText(range.last),
                    "--hash-range-mode", "aggregate"})
            .out);
  }

  std::string map_ = directory_ / "map";
};

TEST_F(AggregateShards, EveryAggregateLiesOnItsShard) {
  generator::GeneratorOptions options;
  options.records = 20'000;
  options.explicit_hash_keys = 0.25;
  const std::string in = Write("in", Generated(options));
  const Outcome outcome = Run({in, "--shard-map", map_, "--container",
                               "lambda-json", "--blob-size", "10KiB"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(ChecksumOf(Out()), ChecksumOf(in));
  size_t records = 0;
  for (const HashKeyRange& range : EqualRanges(kShards)) {
    const size_t here = OfShard(range).size();
    EXPECT_GT(here, 1000U);
    records += here;
  }
  EXPECT_EQ(records, 20'000U);
}

// A plain record is written to its shard after the records that came before it.
TEST_F(AggregateShards, PlainRecordsKeepTheOrderOfTheirShard) {
  const std::string large(3000, 'x');
  const std::string in = Write("in", MakeBlob({"1", large}) + MakeBlob({"2"}) +
                                         MakeBlob({large}) + MakeBlob({"3"}));
  const Outcome outcome =
      Run({in, "--shard-map", map_, "--container", "lambda-json", "--blob-size",
           "2KiB", "--too-large", "plain"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(ChecksumOf(Out()), ChecksumOf(in));
  std::vector<size_t> sizes;
  for (const HashKeyRange& range : EqualRanges(kShards)) {
    for (const nlohmann::json& record : OfShard(range)) {
      if (record["partitionKey"] != "a") continue;
      sizes.push_back(std::string(record["data"]).size());
    }
  }
  EXPECT_THAT(sizes, testing::ElementsAre(4, 4, 4000, 4));
}

// Records without a shard have their own aggregates, on the shards of their
// partition keys, like records that are too large for an aggregate.
TEST_F(AggregateShards, HashKeysThatAreNotNumbers) {
  std::vector<NewUserRecord> records;
  const std::string large(3000, 'x');
  for (const char* key : {"a", "b", "c"}) {
    for (const std::string_view data :
         {std::string_view("1"), std::string_view(large),
          std::string_view("2")}) {
      records.push_back({key, AsBytes(data)});
      records.push_back({key, AsBytes(data), "not a number"});
    }
  }
  const std::string in = Write("in", MixedBlob(records));
  for (const char* jobs : {"1", "4"}) {
    const Outcome outcome = Run(
        {in, "--shard-map", map_, "--container", "lambda-json", "--blob-size",
         "2KiB", "--too-large", "plain", "-j", jobs, "--summary", "json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const nlohmann::json written = ParseJson(outcome.out)["written"];
    EXPECT_EQ(written["unplaced_records"], 6);
    EXPECT_EQ(written["plain"], 6);
    EXPECT_EQ(written["without_all_keys"], 3);
  }
  const auto written = RecordsOf(Out());
  ASSERT_EQ(written.size(), 18U);
  std::map<std::string, std::string> shard_of_key;
  for (const nlohmann::json& record : written) {
    const std::string key = record["partitionKey"];
    const std::string shard = record["shardId"];
    EXPECT_EQ(shard_of_key.emplace(key, shard).first->second, shard) << key;
  }
}

TEST_F(AggregateShards, WrongMaps) {
  const std::string in = Write("in", MakeBlob({"1"}));
  std::vector<HashKeyRange> gap = EqualRanges(kShards);
  gap.erase(gap.begin() + 2);
  for (const std::string& content :
       {std::string("no map"), std::string("{}"), MapOf(gap)}) {
    const std::string map = Write("wrong", content);
    const Outcome outcome = Run({in, "--shard-map", map});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr(map));
    EXPECT_FALSE(std::filesystem::exists(Out()));
  }
  EXPECT_EQ(Run({in, "--shard-map", directory_ / "missing"}).status, 3);
}

TEST_F(AggregateShards, TheMapIsNotWrittenOver) {
  const std::string before = ReadFile(map_);
  const Outcome outcome = RunProgram({"aggregate", Write("in", MakeBlob({"1"})),
                                      "-o", map_, "--shard-map", map_});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr(map_));
  EXPECT_EQ(ReadFile(map_), before);
}

}  // namespace
}  // namespace thresh
