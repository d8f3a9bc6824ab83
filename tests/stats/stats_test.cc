// The statistics of whole archives against a naive recount, record by record,
// sharing only the reader.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "cli/archives.h"
#include "cli/run_program.h"
#include "digest/md5.h"
#include "sink/handmade_batch.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/stats.h"

namespace thresh {
namespace {

// Some of each kind of number that the sink counts, computed in a slow way.
struct Recount {
  std::map<Verdict, uint64_t> verdicts;
  uint64_t records = 0;
  uint64_t data_bytes = 0;
  uint64_t keyless = 0;
  uint64_t by_explicit = 0;
  uint64_t without_place = 0;
  uint64_t key_bytes = 0;
  uint64_t without_arrival = 0;
  std::map<std::string, KeyCount> keys;
  std::map<std::string, uint64_t> told_shards;
  std::map<size_t, uint64_t> hash_space;
  std::vector<uint64_t> shards;
};

HashKey Md5Key(Bytes key) {
  const Md5Digest digest = Md5(key);
  HashKey place;
  for (size_t i = 0; i < 8; ++i) place.high = place.high << 8 | digest[i];
  for (size_t i = 8; i < 16; ++i) place.low = place.low << 8 | digest[i];
  return place;
}

void CountUser(const UserRecord& user, const std::vector<HashKeyRange>& shards,
               Recount* recount) {
  ++recount->records;
  recount->data_bytes += user.data.size();
  std::optional<HashKey> place;
  if (user.explicit_hash_key) {
    place = ParseHashKey(AsText(*user.explicit_hash_key));
    recount->by_explicit += place ? 1 : 0;
    recount->key_bytes += user.explicit_hash_key->size();
  }
  if (user.partition_key) {
    KeyCount& count = recount->keys[std::string(AsText(*user.partition_key))];
    ++count.records;
    count.bytes += user.data.size();
    if (user.aggregated) recount->key_bytes += user.partition_key->size();
    if (!place) place = Md5Key(*user.partition_key);
  } else {
    ++recount->keyless;
  }
  if (!place) {
    ++recount->without_place;
    return;
  }
  ++recount->hash_space[place->high >> 54];
  for (size_t i = 0; i < shards.size(); ++i) {
    if (*place >= shards[i].first && *place <= shards[i].last) {
      ++recount->shards[i];
    }
  }
}

Recount CountSlowly(const std::string& archive, const Options& options,
                    const std::vector<HashKeyRange>& shards) {
  Recount recount;
  recount.shards.resize(shards.size());
  auto reader = BatchReader::OpenBytes(AsBytes(archive), options);
  EXPECT_TRUE(reader);
  while (true) {
    const Result<std::shared_ptr<const Batch>> next = reader->Next();
    EXPECT_TRUE(next);
    if (*next == nullptr) return recount;
    const Batch& batch = **next;
    for (const KinesisRecord& record : batch.kinesis_records) {
      ++recount.verdicts[record.verdict];
      const KinesisMetadata metadata = batch.MetadataOf(record);
      if (!metadata.arrival_time) {
        recount.without_arrival += record.user_record_count;
      }
      if (metadata.shard_id) {
        recount.told_shards[std::string(AsText(*metadata.shard_id))] +=
            record.user_record_count;
      }
    }
    ForEachUserRecord(batch, [&](const KinesisRecord&, const UserRecord& user) {
      CountUser(user, shards, &recount);
    });
  }
}

ArchiveStats StatsOf(const std::string& archive, Options options,
                     const StatsOptions& stats) {
  const TemporaryDirectory directory;
  WriteFile(directory / "archive", archive);
  auto sink = OpenStats(stats);
  EXPECT_TRUE(sink);
  options.on_suspect = SuspectPolicy::kSkip;
  const auto report =
      Deaggregate({directory / "archive"}, options, sink->get());
  EXPECT_TRUE(report) << report.error().ToString();
  return (*sink)->Stats();
}

void ExpectSame(const ArchiveStats& stats, const Recount& recount) {
  for (size_t i = 0; i < kVerdicts; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    const auto found = recount.verdicts.find(verdict);
    EXPECT_EQ(stats.verdicts[i],
              found == recount.verdicts.end() ? 0 : found->second)
        << VerdictName(verdict);
  }
  EXPECT_EQ(stats.data_bytes.count(), recount.records);
  EXPECT_EQ(stats.data_bytes.sum(), recount.data_bytes);
  EXPECT_EQ(stats.keyless_records, recount.keyless);
  EXPECT_EQ(stats.by_explicit_hash_key, recount.by_explicit);
  EXPECT_EQ(stats.without_hash_key, recount.without_place);
  EXPECT_EQ(stats.key_bytes, recount.key_bytes);
  EXPECT_EQ(stats.without_arrival, recount.without_arrival);
  EXPECT_EQ(stats.keys.distinct, recount.keys.size());
  EXPECT_TRUE(stats.keys.distinct_exact);
  for (const KeyCount& told : stats.keys.by_records) {
    ASSERT_TRUE(recount.keys.contains(told.key)) << told.key;
    EXPECT_EQ(told.records, recount.keys.at(told.key).records) << told.key;
    EXPECT_EQ(told.bytes, recount.keys.at(told.key).bytes) << told.key;
  }
  ASSERT_EQ(stats.told_shards.by_records.size(), recount.told_shards.size());
  for (const KeyCount& told : stats.told_shards.by_records) {
    EXPECT_EQ(told.records, recount.told_shards.at(told.key)) << told.key;
  }
  for (size_t i = 0; i < kHashSpaceBuckets; ++i) {
    const auto found = recount.hash_space.find(i);
    EXPECT_EQ(stats.hash_space[i],
              found == recount.hash_space.end() ? 0 : found->second)
        << i;
  }
  uint64_t inside = 0;
  for (size_t i = 0; i < recount.shards.size(); ++i) {
    EXPECT_EQ(stats.shards[i].records, recount.shards[i]) << i;
    inside += recount.shards[i];
  }
  EXPECT_EQ(stats.outside_shards,
            recount.records - recount.without_place - inside);
}

generator::GeneratorOptions Varied(ContainerKind container) {
  generator::GeneratorOptions options;
  options.records = 30'000;
  options.record_size = {1, 40'000};
  options.key_distribution = generator::KeyDistribution::kZipf;
  options.explicit_hash_keys = 0.3;
  options.container = container;
  options.plain = container == ContainerKind::kBlobs ? 0 : 0.3;
  return options;
}

TEST(Stats, AreThoseOfANaiveRecount) {
  for (const ContainerKind container :
       {ContainerKind::kBlobs, ContainerKind::kU32Le, ContainerKind::kJson}) {
    const std::string archive = Generated(Varied(container));
    for (const unsigned jobs : {1U, 3U}) {
      SCOPED_TRACE(std::string(ContainerKindName(container)));
      Options options;
      options.container = container;
      options.jobs = jobs;
      options.window_bytes = 300'000;
      StatsOptions wanted;
      wanted.shards = EqualRanges(7);
      wanted.shards.erase(wanted.shards.begin() + 2);  // a gap
      wanted.top_keys = 100;
      ExpectSame(StatsOf(archive, options, wanted),
                 CountSlowly(archive, options, wanted.shards));
    }
  }
}

class SmallStats : public testing::Test {
 protected:
  ArchiveStats Stats(const StatsOptions& options = {}) {
    auto sink = OpenStats(options);
    EXPECT_TRUE(sink);
    const std::unique_ptr<Chunk> chunk = (*sink)->NewChunk();
    (*sink)->Encode(batch_.batch(), chunk.get());
    EXPECT_TRUE((*sink)->Write(chunk.get()));
    return (*sink)->Stats();
  }

  HandmadeBatch batch_;
};

TEST_F(SmallStats, OfNothing) {
  const ArchiveStats stats = StatsOf("", {}, {});
  EXPECT_EQ(stats.data_bytes.count(), 0U);
  EXPECT_TRUE(stats.arrivals.empty());
  EXPECT_EQ(stats.shards.size(), 16U);
  EXPECT_EQ(stats.keys.distinct, 0U);
}

TEST_F(SmallStats, PlaceByExplicitHashKeyWhereItIsOne) {
  batch_.AddKinesisRecord(Verdict::kAggregated, "blob");
  const uint32_t key = batch_.AddPartitionKey("a");  // MD5 0cc1...
  const uint32_t last =
      batch_.AddExplicitHashKey("340282366920938463463374607431768211455");
  const uint32_t beyond =
      batch_.AddExplicitHashKey("340282366920938463463374607431768211456");
  batch_.AddRow(key, last, "12");
  batch_.AddRow(key, beyond, "345");
  batch_.AddRow(key, kNoKey, "6");
  batch_.AddRow(kNoKey, beyond, "");
  const ArchiveStats stats = Stats();
  EXPECT_EQ(stats.shards[15].records, 1U);
  EXPECT_EQ(stats.shards[15].bytes, 2U);
  EXPECT_EQ(stats.shards[0].records, 2U);
  EXPECT_EQ(stats.shards[0].bytes, 4U);
  EXPECT_EQ(stats.hash_space[1023], 1U);
  EXPECT_EQ(stats.hash_space[0x0CC >> 2], 2U);
  EXPECT_EQ(stats.by_explicit_hash_key, 1U);
  EXPECT_EQ(stats.invalid_explicit_hash_keys, 2U);
  EXPECT_EQ(stats.without_hash_key, 1U);
  EXPECT_EQ(stats.keyless_records, 1U);
  EXPECT_EQ(stats.keys.by_records, (std::vector<KeyCount>{{"a", 3, 6}}));
}

TEST_F(SmallStats, WhatTheKeyTableSaves) {
  batch_.AddKinesisRecord(Verdict::kAggregated, std::string(30'000, 'x'));
  const uint32_t key = batch_.AddPartitionKey("four");
  batch_.AddPartitionKey("unused");
  const uint32_t hash_key = batch_.AddExplicitHashKey("123");
  const std::string large(25 * 1024 + 1, 'x');
  for (int i = 0; i < 3; ++i) batch_.AddRow(key, hash_key, "12345");
  batch_.AddRow(key, kNoKey, large);
  batch_.AddKinesisRecord(Verdict::kNotAggregated, "plain");
  batch_.AddRow(batch_.AddPartitionKey("of its own"), kNoKey, "plain");
  batch_.AddKinesisRecord(Verdict::kEmptyAggregate, "empty");
  const ArchiveStats stats = Stats();
  EXPECT_EQ(stats.aggregated_records, 4U);
  EXPECT_EQ(stats.aggregated_data_bytes, 15 + large.size());
  EXPECT_EQ(stats.key_bytes, 4U * 4 + 3U * 3);
  EXPECT_EQ(stats.table_bytes, 4U + 6 + 3);
  EXPECT_EQ(stats.payload_units, 2U + 1);
  EXPECT_EQ(stats.payload_units_unpacked, 3U + 2);
  EXPECT_EQ(stats.records_per_aggregate.count(), 2U);
  EXPECT_EQ(stats.records_per_aggregate.min(), 0U);
  EXPECT_EQ(stats.records_per_aggregate.max(), 4U);
  EXPECT_EQ(stats.aggregate_bytes.sum(), 30'005U);
  EXPECT_EQ(stats.data_bytes.count(), 5U);
}

TEST_F(SmallStats, LeaveKeysOutThatNobodyCouldSend) {
  batch_.AddKinesisRecord(Verdict::kAggregated, "blob");
  const std::string longest(TopKeys::kLongestKey, 'k');
  batch_.AddRow(batch_.AddPartitionKey(longest), kNoKey, "1");
  batch_.AddRow(batch_.AddPartitionKey(longest + "k"), kNoKey, "23");
  const ArchiveStats stats = Stats();
  EXPECT_EQ(stats.keys.by_records, (std::vector<KeyCount>{{longest, 1, 1}}));
  EXPECT_EQ(stats.long_key_records, 1U);
  EXPECT_EQ(stats.long_key_bytes, 2U);
  EXPECT_EQ(stats.without_hash_key, 0U);
}

// A window's batches are encoded into one chunk, and windows are added up.
TEST_F(SmallStats, BatchesAndWindowsAddUp) {
  batch_.AddKinesisRecord(Verdict::kAggregated, "blob");
  batch_.AddRow(batch_.AddPartitionKey("a"), kNoKey, "12");
  auto sink = OpenStats();
  const std::unique_ptr<Chunk> chunk = (*sink)->NewChunk();
  for (int window = 0; window < 2; ++window) {
    EXPECT_TRUE(chunk->empty());
    (*sink)->Encode(batch_.batch(), chunk.get());
    (*sink)->Encode(batch_.batch(), chunk.get());
    EXPECT_FALSE(chunk->empty());
    ASSERT_TRUE((*sink)->Write(chunk.get()));
    chunk->Clear();
  }
  const ArchiveStats stats = (*sink)->Stats();
  EXPECT_EQ(stats.verdicts[0], 4U);
  EXPECT_EQ(stats.keys.by_records, (std::vector<KeyCount>{{"a", 4, 8}}));
  EXPECT_EQ(stats.shards[0].records, 4U);
}

TEST(OpenStats, RefusesShardsThatOverlap) {
  StatsOptions options;
  options.shards = EqualRanges(4);
  options.shards[1].first = options.shards[0].last;
  EXPECT_THAT(OpenStats(options).error().message,
              testing::HasSubstr("0 and 1 overlap"));
  options.shards = EqualRanges(4);
  std::swap(options.shards[0], options.shards[3]);
  EXPECT_FALSE(OpenStats(options));
  options.shards = {{"s", {0, 2}, {0, 1}}};
  EXPECT_THAT(OpenStats(options).error().message,
              testing::HasSubstr("ends before"));
  options.shards = EqualRanges(20'001);
  EXPECT_EQ(OpenStats(options).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace thresh
