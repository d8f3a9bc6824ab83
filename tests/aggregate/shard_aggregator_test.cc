// Blobs for shards: every user record of a blob belongs to the blob's shard, by
// independent arithmetic and by the filter that behaves like the KCL.
#include "thresh/shard_aggregator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/packing.h"
#include "oracle/engine_run.h"
#include "thresh/batch_reader.h"
#include "thresh/kinesis_keys.h"

namespace thresh {
namespace {

using oracle::ReferenceRecord;
using testing::HasSubstr;

constexpr HashKey kTop = {UINT64_MAX, UINT64_MAX};

std::string Hex(const HashKey& key) {
  char digits[33];
  std::snprintf(digits, sizeof(digits), "%016llX%016llX",
                static_cast<unsigned long long>(key.high),
                static_cast<unsigned long long>(key.low));
  return digits;
}

size_t ShardOf(const std::string& hash_key,
               const std::vector<HashKeyRange>& shards) {
  const auto found = std::ranges::find_if(shards, [&](const HashKeyRange& s) {
    return Hex(s.first) <= hash_key && hash_key <= Hex(s.last);
  });
  return static_cast<size_t>(found - shards.begin());
}

// A map of `count` shards of any sizes, some with a single hash key.
std::vector<HashKeyRange> MakeShards(size_t count, oracle::Random* random) {
  std::vector<HashKey> starts = {{}};
  while (starts.size() < count) {
    const HashKey key = {random->Next(), random->Next()};
    starts.push_back(random->Below(4) == 0 ? HashKey{0, random->Below(200)}
                                           : key);
    std::ranges::sort(starts);
    const auto same = std::ranges::unique(starts);
    starts.erase(same.begin(), same.end());
  }
  std::vector<HashKeyRange> shards;
  for (size_t i = 0; i < count; ++i) {
    HashKey last = kTop;
    if (i + 1 < count) {
      last = starts[i + 1];
      if (last.low-- == 0) --last.high;
    }
    shards.push_back({"shard-" + std::to_string(i), starts[i], last});
  }
  return shards;
}

struct Packed {
  std::string bytes;
  uint32_t shard;
  std::string hash_key;
};

std::vector<Packed> Pack(const std::vector<ReferenceRecord>& records,
                         const AggregatorOptions& options,
                         const std::vector<HashKeyRange>& shards) {
  ShardAggregator aggregator = ShardAggregator::Create(options, shards).value();
  BlobBatch done;
  for (const ReferenceRecord& record : records) {
    const Result<bool> added = aggregator.Add(ViewOf(record), &done);
    EXPECT_TRUE(added || added.error().code == ErrorCode::kTooLarge);
  }
  aggregator.Flush(&done);
  std::vector<Packed> packed;
  for (const AggregatedBlob& blob : done.Seal()) {
    packed.push_back(
        {std::string(AsText(blob.bytes)), blob.shard, Hex(blob.hash_key)});
  }
  return packed;
}

std::vector<ReferenceRecord> MakePlacedRecords(const Mix& mix,
                                               oracle::Random* random) {
  std::vector<ReferenceRecord> records = MakeRecords(mix, random);
  for (ReferenceRecord& record : records) {
    if (oracle::HashKeyHex(record).empty()) {
      record.explicit_hash_key = "340282366920938463463374607431768211455";
    }
  }
  return records;
}

// The number of user records that pass the filter that drops what the KCL would
// drop.
uint64_t KeptByTheKcl(const std::string& blob, const HashKeyRange& shard) {
  Options options;
  options.container = ContainerKind::kBlobs;
  options.filter.hash_range = HashRange{shard.first, shard.last};
  options.filter.hash_range_mode = HashRangeMode::kAggregate;
  return oracle::RunEngine(blob, std::move(options))
      .report.summary.user_records;
}

TEST(ShardAggregator, BlobsHoldRecordsOfTheirShardAlone) {
  oracle::Random random(7);
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE(round);
    const auto shards = MakeShards(1 + random.Below(12), &random);
    const AggregatorOptions options = {
        .max_blob_bytes = kMinBlobLimit + random.Below(2000),
        .max_blob_records = random.Below(2) * 5};
    const auto records = MakePlacedRecords(
        {.records = 200, .keys = 1 + random.Below(300)}, &random);
    const std::vector<Packed> packed = Pack(records, options, shards);

    // For each shard, compares with the reference aggregator on the shard's
    // records.
    std::map<size_t, std::vector<ReferenceRecord>> of_shard;
    for (const ReferenceRecord& record : records) {
      of_shard[ShardOf(oracle::HashKeyHex(record), shards)].push_back(record);
    }
    for (size_t shard = 0; shard < shards.size(); ++shard) {
      std::vector<std::string> blobs;
      for (const Packed& blob : packed) {
        if (blob.shard == shard) blobs.push_back(blob.bytes);
      }
      EXPECT_TRUE(blobs == oracle::Aggregate(of_shard[shard],
                                             options.max_blob_bytes,
                                             options.max_blob_records)
                               .blobs);
    }
    for (const Packed& blob : packed) {
      const auto users = oracle::Judge(blob.bytes).user_records;
      ASSERT_FALSE(users.empty());
      for (const ReferenceRecord& user : users) {
        EXPECT_EQ(ShardOf(oracle::HashKeyHex(user), shards), blob.shard);
      }
      EXPECT_EQ(blob.hash_key, oracle::HashKeyHex(users[0]));
      EXPECT_EQ(KeptByTheKcl(blob.bytes, shards[blob.shard]), users.size());
    }
  }
}

// The KCL would drop records of the blobs that the plain Aggregator makes.
TEST(ShardAggregator, WithoutShardsTheKclWouldDropRecords) {
  oracle::Random random(8);
  const auto shards = EqualRanges(4);
  const auto records = MakePlacedRecords({.records = 200}, &random);
  Aggregator aggregator = Aggregator::Create({}).value();
  BlobBatch done;
  for (const auto& record : records) {
    ASSERT_TRUE(aggregator.Add(ViewOf(record), &done));
  }
  aggregator.Flush(&done);
  const std::string blob(AsText(done.Seal().front().bytes));
  for (const HashKeyRange& shard : shards) {
    EXPECT_EQ(KeptByTheKcl(blob, shard), 0U);
  }
}

TEST(ShardAggregator, EndsOfShardsBelongToThem) {
  const std::vector<HashKeyRange> shards = {{"low", {}, {0, 99}},
                                            {"one", {0, 100}, {0, 100}},
                                            {"high", {0, 101}, kTop}};
  ShardAggregator aggregator = ShardAggregator::Create({}, shards).value();
  BlobBatch done;
  for (const char* key :
       {"0", "99", "100", "101", "340282366920938463463374607431768211455"}) {
    ASSERT_TRUE(aggregator.Add({"k", {}, key}, &done));
  }
  EXPECT_EQ(aggregator.records(), 5U);
  EXPECT_EQ(aggregator.Flush(&done), 3U);
  const auto blobs = done.Seal();
  ASSERT_EQ(blobs.size(), 3U);
  for (uint32_t i = 0; i < 3; ++i) EXPECT_EQ(blobs[i].shard, i);
  EXPECT_EQ(blobs[0].user_records, 2U);
  EXPECT_EQ(blobs[1].user_records, 1U);
  EXPECT_EQ(blobs[2].user_records, 2U);
}

TEST(ShardAggregator, FlushesOneShard) {
  ShardAggregator aggregator =
      ShardAggregator::Create({}, EqualRanges(2)).value();
  BlobBatch done;
  EXPECT_EQ(aggregator.size(), 0U);
  ASSERT_TRUE(aggregator.Add({"k", AsBytes("d"), "0"}, &done));
  EXPECT_FALSE(aggregator.FlushShard(1, &done));
  EXPECT_EQ(aggregator.size(), 20U + 3U + 3U + 9U);
  EXPECT_TRUE(aggregator.FlushShard(0, &done));
  EXPECT_FALSE(aggregator.FlushShard(0, &done));
  EXPECT_EQ(aggregator.size(), 0U);
  EXPECT_EQ(aggregator.records(), 0U);
  EXPECT_EQ(done.size(), 1U);
}

TEST(ShardAggregator, UnplacedRecordsGoByTheirPartitionKeys) {
  const std::vector<HashKeyRange> shards = EqualRanges(3);
  ShardAggregator aggregator = ShardAggregator::Create({}, shards).value();
  BlobBatch done;
  const std::vector<NewUserRecord> records = {
      {"k", AsBytes("d")},
      {"k", AsBytes("1"), "undefined"},
      {"k", AsBytes("2"), ""},
      {"k", AsBytes("3"), "340282366920938463463374607431768211456"}};
  for (const NewUserRecord& record : records) {
    ASSERT_EQ(aggregator.Add(record, &done), false);
  }
  EXPECT_EQ(aggregator.records(), 4U);
  const HashKey of_key = *EffectiveHashKey("k", std::nullopt);
  size_t blobs = 0;
  for (size_t shard = 0; shard < shards.size(); ++shard) {
    const bool here =
        shards[shard].first <= of_key && of_key <= shards[shard].last;
    const size_t flushed = aggregator.FlushShard(shard, &done);
    EXPECT_EQ(flushed, here ? 2U : 0U);
    blobs += flushed;
  }
  ASSERT_EQ(blobs, 2U);
  const auto sealed = done.Seal();
  EXPECT_FALSE(sealed[0].unplaced);
  EXPECT_EQ(sealed[0].user_records, 1U);
  EXPECT_TRUE(sealed[1].unplaced);
  EXPECT_EQ(sealed[1].user_records, 3U);
  EXPECT_EQ(sealed[1].shard, sealed[0].shard);
  EXPECT_EQ(sealed[1].hash_key, of_key);
}

TEST(ShardAggregator, TooLargeIsAnErrorAndChangesNothing) {
  ShardAggregator aggregator =
      ShardAggregator::Create({}, EqualRanges(3)).value();
  BlobBatch done;
  ASSERT_TRUE(aggregator.Add({"k", AsBytes("d")}, &done));
  const std::string large(2 << 20, 'd');
  const Result<bool> added = aggregator.Add({"k", AsBytes(large)}, &done);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kTooLarge);
  EXPECT_FALSE(aggregator.FitsPlain({"k", AsBytes(large)}));
  EXPECT_EQ(aggregator.records(), 1U);
  EXPECT_TRUE(done.empty());
}

struct WrongMap {
  std::vector<HashKeyRange> shards;
  const char* message;
};

TEST(ShardAggregator, RefusesMapsThatAreNotWhole) {
  const HashKeyRange all = {"all", {}, kTop};
  const HashKeyRange low = {"low", {}, {0, 99}};
  const HashKeyRange high = {"high", {0, 100}, kTop};
  for (const WrongMap& wrong : {
           WrongMap{{}, "no shards"},
           WrongMap{{high}, "from 0 to"},
           WrongMap{{low}, "from 100 on"},
           WrongMap{{low, {"later", {0, 101}, kTop}}, "from 100 to"},
           WrongMap{{low, {"early", {0, 99}, kTop}}, "low and early"},
           WrongMap{{high, low}, "out of order"},
           WrongMap{{high}, "from 0 to"},
           WrongMap{{all, all}, "overlap"},
           WrongMap{{low, {"back", {0, 100}, {0, 99}}}, "ends before"},
           WrongMap{
               {low, {"all but one", {0, 100}, {UINT64_MAX, UINT64_MAX - 1}}},
               "from 340282366920938463463374607431768211455 on"},
       }) {
    SCOPED_TRACE(wrong.message);
    const auto made = ShardAggregator::Create({}, wrong.shards);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(made.error().message, HasSubstr(wrong.message));
  }
  for (uint32_t count : {1U, 2U, 3U, 1000U}) {
    EXPECT_TRUE(ShardAggregator::Create({}, EqualRanges(count)));
  }
  EXPECT_FALSE(ShardAggregator::Create({.max_blob_bytes = 1}, {all}));
}

// A caller that needs the shard places a record itself.
TEST(ShardAggregator, AddsAtThePlaceThatItGives) {
  const std::vector<HashKeyRange> shards = EqualRanges(4);
  ShardAggregator whole = ShardAggregator::Create({}, shards).value();
  ShardAggregator placed = ShardAggregator::Create({}, shards).value();
  BlobBatch expected;
  BlobBatch blobs;
  for (const std::optional<std::string_view> hash_key :
       {std::optional<std::string_view>(), std::optional<std::string_view>("0"),
        std::optional<std::string_view>(
            "340282366920938463463374607431768211455"),
        std::optional<std::string_view>("none"),
        std::optional<std::string_view>("")}) {
    for (const char* key : {"a", "b", "a", "c"}) {
      const NewUserRecord record = {.partition_key = key,
                                    .data = AsBytes("data"),
                                    .explicit_hash_key = hash_key};
      const ShardPlace place = placed.PlaceOf(record);
      EXPECT_EQ(place.unplaced, hash_key && !IsHashKey(*hash_key));
      EXPECT_EQ(
          place.hash_key,
          *EffectiveHashKey(key, place.unplaced ? std::nullopt : hash_key));
      EXPECT_EQ(place.shard, place.hash_key.high >> 62);
      ASSERT_TRUE(placed.AddAt(place, record, &blobs));
      ASSERT_TRUE(whole.Add(record, &expected));
    }
  }
  EXPECT_EQ(placed.Flush(&blobs), whole.Flush(&expected));
  const auto made = blobs.Seal();
  const auto wanted = expected.Seal();
  ASSERT_EQ(made.size(), wanted.size());
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_EQ(AsText(made[i].bytes), AsText(wanted[i].bytes));
    EXPECT_EQ(made[i].shard, wanted[i].shard);
    EXPECT_EQ(made[i].hash_key, wanted[i].hash_key);
  }
}

}  // namespace
}  // namespace thresh
