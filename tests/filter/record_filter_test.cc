// Random conditions on batches, against an implementation of FORMAT.md record
// by record.
#include "filter/record_filter.h"

#define XXH_INLINE_ALL
#include <fnmatch.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <random>
#include <string>
#include <vector>

#include "digest/md5_testing.h"
#include "sink/handmade_batch.h"

namespace thresh {
namespace {

struct Row {
  size_t kinesis_record = 0;
  std::optional<std::string> partition_key;
  std::optional<std::string> explicit_hash_key;
  std::string data;
  uint32_t sub_sequence_number = 0;

  friend bool operator==(const Row&, const Row&) = default;
};

std::optional<std::string> Copy(const std::optional<Bytes>& bytes) {
  if (!bytes) return std::nullopt;
  return std::string(AsText(*bytes));
}

std::vector<Row> RowsOf(const Batch& batch) {
  std::vector<Row> rows;
  for (size_t i = 0; i < batch.kinesis_records.size(); ++i) {
    const KinesisRecord& record = batch.kinesis_records[i];
    for (uint32_t k = 0; k < record.user_record_count; ++k) {
      const UserRecord user = batch.At(record, record.first_user_record + k);
      rows.push_back({i, Copy(user.partition_key), Copy(user.explicit_hash_key),
                      std::string(AsText(user.data)),
                      user.sub_sequence_number});
    }
  }
  return rows;
}

bool IsInside(const Row& row, const HashRange& range) {
  std::optional<HashKey> key;
  if (row.explicit_hash_key) {
    key = ParseHashKey(*row.explicit_hash_key);
  } else if (row.partition_key) {
    key = ParseHashKey(ToHex(OpenSslMd5(AsBytes(*row.partition_key))), 16);
  }
  return key && range.Contains(*key);
}

bool KeyPasses(const Row& row, const Filter& filter) {
  if (filter.partition_keys.empty() && filter.partition_key_globs.empty()) {
    return true;
  }
  if (!row.partition_key) return false;
  for (const std::string& key : filter.partition_keys) {
    if (key == *row.partition_key) return true;
  }
  for (const std::string& glob : filter.partition_key_globs) {
    if (fnmatch(glob.c_str(), row.partition_key->c_str(), 0) == 0) return true;
  }
  return false;
}

std::vector<Row> Expected(const std::vector<Row>& rows, const Filter& filter) {
  std::vector<Row> kept;
  for (const Row& row : rows) {
    bool stays = KeyPasses(row, filter);
    const std::string sampled = row.partition_key.value_or(row.data);
    stays &= XXH3_64bits(sampled.data(), sampled.size()) % filter.sample == 0;
    if (filter.hash_range) {
      for (const Row& other : rows) {
        if (other == row ||
            (filter.hash_range_mode == HashRangeMode::kAggregate &&
             other.kinesis_record == row.kinesis_record)) {
          stays &= IsInside(other, *filter.hash_range);
        }
      }
    }
    if (stays) kept.push_back(row);
  }
  return kept;
}

class RandomBatch {
 public:
  explicit RandomBatch(unsigned seed) : random_(seed) {}

  // Adds some Kinesis records, and counts their rows.
  void Grow(HandmadeBatch* batch, Summary* summary) {
    const size_t before = batch->batch().user_records.size();
    const size_t records = random_() % 6;
    for (size_t i = 0; i < records; ++i) AddRecord(batch);
    const UserRecordColumns& rows = batch->batch().user_records;
    summary->user_records += rows.size() - before;
    for (size_t row = before; row < rows.size(); ++row) {
      summary->user_bytes += rows.data_size[row];
    }
  }

 private:
  void AddRecord(HandmadeBatch* batch) {
    std::vector<uint32_t> keys = {kNoKey};
    std::vector<uint32_t> hash_keys = {kNoKey, kNoKey, kNoKey};
    for (size_t i = random_() % 4; i > 0; --i) {
      keys.push_back(batch->AddPartitionKey(
          std::string(1, static_cast<char>('a' + random_() % 8))));
    }
    if (random_() % 3 == 0) {
      hash_keys.push_back(batch->AddExplicitHashKey(std::vector<std::string>{
          "0", "340282366920938463463374607431768211455", "x", "",
          "9999"}[random_() % 5]));
    }
    batch->AddKinesisRecord(Verdict::kAggregated);
    for (size_t i = random_() % 5; i > 0; --i) {
      batch->AddRow(keys[random_() % keys.size()],
                    hash_keys[random_() % hash_keys.size()],
                    std::to_string(number_++));
    }
  }

  std::mt19937 random_;
  int number_ = 0;
};

Filter RandomFilter(unsigned seed) {
  std::mt19937 random(seed);
  Filter filter;
  if (random() % 3 == 0) filter.partition_keys = {"a", "c", "none"};
  if (random() % 3 == 0) filter.partition_key_globs = {"[b-e]"};
  if (random() % 2 == 0) {
    filter.hash_range = HashRange{{0, 0}, {uint64_t{random()} << 32, 0}};
  }
  if (random() % 2 == 0) filter.hash_range_mode = HashRangeMode::kAggregate;
  if (random() % 3 == 0) filter.sample = 1 + random() % 3;
  return filter;
}

TEST(RecordFilterTest, KeepsWhatANaiveReadingKeeps) {
  size_t kept = 0;
  size_t dropped = 0;
  FilterScratch scratch;  // whatever it has been used for before
  for (unsigned seed = 0; seed < 3000; ++seed) {
    const Filter filter = RandomFilter(seed);
    const Result<RecordFilter> compiled = RecordFilter::Compile(filter);
    ASSERT_TRUE(compiled);
    RandomBatch random(seed);
    HandmadeBatch batch;
    Summary summary;
    std::vector<Row> expected;
    size_t all = 0;
    // A batch that keeps its records is filtered piece by piece.
    for (int piece = 0; piece < 3; ++piece) {
      const BatchMark mark = BatchMark::EndOf(batch.batch());
      const size_t known = RowsOf(batch.batch()).size();
      random.Grow(&batch, &summary);
      // Existing row numbers stay; the new rows count from 0.
      std::vector<Row> fresh;
      for (size_t i = mark.kinesis_records;
           i < batch.batch().kinesis_records.size(); ++i) {
        const KinesisRecord& record = batch.batch().kinesis_records[i];
        const UserRecordColumns& rows = batch.batch().user_records;
        for (uint32_t k = 0; k < record.user_record_count; ++k) {
          const size_t row = record.first_user_record + k;
          const auto key = [](const Column<Bytes>& keys, uint32_t id) {
            return id == kNoKey ? std::nullopt
                                : std::optional<std::string>(AsText(keys[id]));
          };
          fresh.push_back(
              {i, key(rows.partition_keys, rows.partition_key[row]),
               key(rows.explicit_hash_keys, rows.explicit_hash_key[row]),
               std::string(AsText({rows.data[row], rows.data_size[row]})), k});
        }
      }
      ASSERT_EQ(known, expected.size());
      all += fresh.size();
      const std::vector<Row> stay = Expected(fresh, filter);
      expected.insert(expected.end(), stay.begin(), stay.end());
      compiled->Apply(mark, batch.mutable_batch(), &summary, &scratch);
      ASSERT_EQ(RowsOf(batch.batch()), expected) << "seed " << seed;
    }
    uint64_t bytes = 0;
    for (const Row& row : expected) bytes += row.data.size();
    EXPECT_EQ(summary.user_records, expected.size());
    EXPECT_EQ(summary.filtered_records, all - expected.size());
    EXPECT_EQ(summary.user_bytes, bytes);
    kept += expected.size();
    dropped += all - expected.size();
  }
  EXPECT_GT(kept, 1000U);
  EXPECT_GT(dropped, 1000U);
}

// The rows that pass of one Kinesis record with these explicit hash keys.
size_t Passing(const std::string& range, HashRangeMode mode,
               const std::vector<std::string>& explicit_hash_keys) {
  Filter filter;
  filter.hash_range = ParseHashRange(range).value();
  filter.hash_range_mode = mode;
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated);
  for (const std::string& key : explicit_hash_keys) {
    batch.AddRow(batch.AddPartitionKey("k"), batch.AddExplicitHashKey(key),
                 "x");
  }
  Summary summary;
  summary.user_records = summary.user_bytes = explicit_hash_keys.size();
  FilterScratch scratch;
  RecordFilter::Compile(filter)->Apply({}, batch.mutable_batch(), &summary,
                                       &scratch);
  return batch.batch().user_records.size();
}

TEST(RecordFilterTest, RangesHoldToTheirEdges) {
  const std::string largest = "340282366920938463463374607431768211455";
  const std::vector<std::string> keys = {
      "0", "1", largest, "not a number", largest + "0", ""};
  using enum HashRangeMode;
  EXPECT_EQ(Passing("0-" + largest, kRecord, keys), 3U);
  EXPECT_EQ(Passing("0-0", kRecord, keys), 1U);
  EXPECT_EQ(Passing("1-" + largest, kRecord, keys), 2U);
  EXPECT_EQ(Passing(largest + "-" + largest, kRecord, keys), 1U);
  EXPECT_EQ(Passing("2-0xff", kRecord, keys), 0U);
}

TEST(RecordFilterTest, OneRecordOutsideCostsTheAggregate) {
  using enum HashRangeMode;
  EXPECT_EQ(Passing("0-9", kAggregate, {"1", "2", "9"}), 3U);
  EXPECT_EQ(Passing("0-9", kAggregate, {"1", "2", "10"}), 0U);
  EXPECT_EQ(Passing("0-9", kRecord, {"1", "2", "10"}), 2U);
  EXPECT_EQ(Passing("0-9", kAggregate, {"1", "x"}), 0U);
}

TEST(RecordFilterTest, FateIsThatOfShardAndTime) {
  Filter filter;
  filter.shards = {"3", "other"};
  filter.since = 10;
  filter.until = 20;
  const RecordFilter compiled = RecordFilter::Compile(filter).value();
  const auto fate = [&compiled](std::optional<std::string_view> shard,
                                std::optional<int64_t> time) {
    KinesisMetadata metadata;
    if (shard) metadata.shard_id = AsBytes(*shard);
    metadata.arrival_time = time;
    return compiled.FateOf(metadata);
  };
  EXPECT_EQ(fate("shardId-000000000003", 10), Fate::kRead);
  EXPECT_EQ(fate("3", 19), Fate::kRead);
  EXPECT_EQ(fate("other", 19), Fate::kRead);
  EXPECT_EQ(fate("other", 20), Fate::kSkip);
  EXPECT_EQ(fate("other", 9), Fate::kSkip);
  EXPECT_EQ(fate("shardId-000000000004", 10), Fate::kSkip);
  EXPECT_EQ(fate("shardId-3", 10), Fate::kSkip);
  EXPECT_EQ(fate(std::nullopt, 10), Fate::kSkipUnknown);
  EXPECT_EQ(fate("3", std::nullopt), Fate::kSkipUnknown);
  EXPECT_EQ(fate("4", std::nullopt), Fate::kSkip);
}

TEST(RecordFilterTest, NonsenseIsRefused) {
  const auto refused = [](auto set) {
    Filter filter;
    set(&filter);
    const Result<void> ok = CheckFilter(filter);
    return !ok && ok.error().code == ErrorCode::kInvalidArgument &&
           !ok.error().remedy.empty();
  };
  EXPECT_TRUE(CheckFilter({}));
  EXPECT_TRUE(refused([](Filter* f) { f->sample = 0; }));
  EXPECT_TRUE(refused([](Filter* f) { f->hash_range = {{1, 0}, {0, 5}}; }));
  EXPECT_TRUE(refused([](Filter* f) { f->since = f->until = 5; }));
  EXPECT_TRUE(refused([](Filter* f) { f->partition_key_regexes = {"("}; }));
  EXPECT_TRUE(refused([](Filter* f) {
    f->dedupe = Dedupe::kContent;
    f->dedupe_memory = kMinDedupeMemory - 1;
  }));
}

}  // namespace
}  // namespace thresh
