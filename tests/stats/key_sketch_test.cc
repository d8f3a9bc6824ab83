// The sketch against an exact map.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "digest/hash_key_of.h"
#include "digest/keyed_hash.h"
#include "digest/md5.h"
#include "stats/key_sketch.h"

namespace thresh {
namespace {

struct Added {
  std::string key;
  uint64_t records;
  uint64_t bytes;
};

// Many keys, few of them frequent.
std::vector<Added> RandomKeys(uint64_t seed, size_t count, uint64_t spread) {
  std::mt19937_64 random(seed);
  std::vector<Added> keys(count);
  for (Added& added : keys) {
    const uint64_t limit = 1 + random() % spread;
    added = {.key = "key-" + std::to_string(random() % limit),
             .records = 1 + random() % 3,
             .bytes = random() % 1000};
  }
  return keys;
}

struct Truth {
  uint64_t records = 0;
  uint64_t bytes = 0;
};

std::map<std::string, Truth> Count(const std::vector<Added>& keys) {
  std::map<std::string, Truth> truth;
  for (const Added& added : keys) {
    truth[added.key].records += added.records;
    truth[added.key].bytes += added.bytes;
  }
  return truth;
}

void AddKey(const Added& added, KeySketch* sketch) {
  const Bytes key = AsBytes(added.key);
  sketch->Add(KeyedHash64(key), HashKeyOf(Md5(key)), key, added.records,
              added.bytes);
}

void AddAll(const std::vector<Added>& keys, KeySketch* sketch) {
  for (const Added& added : keys) {
    AddKey(added, sketch);
    sketch->Settle();
  }
}

void ExpectBounds(const TopKeys& top, std::map<std::string, Truth> truth,
                  size_t capacity) {
  Truth all;
  for (const auto& [key, count] : truth) {
    all.records += count.records;
    all.bytes += count.bytes;
  }
  EXPECT_LE(top.records_error, 4 * all.records / capacity);
  EXPECT_LE(top.bytes_error, 4 * all.bytes / capacity);
  for (const auto& list : {top.by_records, top.by_bytes}) {
    for (const KeyCount& told : list) {
      const Truth& count = truth[told.key];
      EXPECT_LE(told.records, count.records) << told.key;
      EXPECT_GE(told.records + top.records_error, count.records) << told.key;
      EXPECT_LE(told.bytes, count.bytes) << told.key;
      EXPECT_GE(told.bytes + top.bytes_error, count.bytes) << told.key;
    }
  }
  // No key is left out that is more frequent than the bound.
  ASSERT_FALSE(top.by_records.empty());
  const uint64_t max_unlisted =
      top.by_records.back().records + top.records_error;
  for (const auto& [key, count] : truth) {
    const bool listed =
        std::ranges::count(top.by_records, key, &KeyCount::key) > 0;
    EXPECT_TRUE(listed || count.records <= max_unlisted) << key;
  }
}

TEST(KeySketch, IsExactWhileThereIsRoom) {
  const std::vector<Added> keys = RandomKeys(1, 20'000, 3000);
  const std::map<std::string, Truth> truth = Count(keys);
  KeySketch sketch(4096);
  AddAll(keys, &sketch);
  const TopKeys top = sketch.Top(5000);
  EXPECT_TRUE(top.distinct_exact);
  EXPECT_EQ(top.distinct, truth.size());
  EXPECT_EQ(top.records_error, 0U);
  EXPECT_EQ(top.bytes_error, 0U);
  ASSERT_EQ(top.by_records.size(), truth.size());
  for (const KeyCount& told : top.by_records) {
    EXPECT_EQ(told.records, truth.at(told.key).records);
    EXPECT_EQ(told.bytes, truth.at(told.key).bytes);
  }
  EXPECT_TRUE(std::ranges::is_sorted(top.by_records, std::greater<>(),
                                     &KeyCount::records));
  EXPECT_TRUE(
      std::ranges::is_sorted(top.by_bytes, std::greater<>(), &KeyCount::bytes));
}

TEST(KeySketch, TellsTiesInOrderOfTheKeys) {
  KeySketch sketch;
  AddAll({{"b", 1, 5}, {"c", 1, 5}, {"a", 1, 5}, {"\xff", 2, 1}}, &sketch);
  EXPECT_EQ(sketch.Top(3).by_records,
            (std::vector<KeyCount>{{"\xff", 2, 1}, {"a", 1, 5}, {"b", 1, 5}}));
  EXPECT_EQ(sketch.Top(1).by_bytes, (std::vector<KeyCount>{{"a", 1, 5}}));
}

TEST(KeySketch, KeepsItsBoundsWhenItForgets) {
  for (const size_t capacity : {8U, 64U, 1024U}) {
    const std::vector<Added> keys = RandomKeys(capacity, 100'000, 50'000);
    KeySketch sketch(capacity);
    AddAll(keys, &sketch);
    const TopKeys top = sketch.Top(10);
    EXPECT_GT(top.records_error, 0U) << "nothing was forgotten";
    ExpectBounds(top, Count(keys), capacity);
  }
}

TEST(KeySketch, KeepsItsBoundsWhenMerged) {
  const size_t capacity = 256;
  const std::vector<Added> a = RandomKeys(1, 30'000, 20'000);
  const std::vector<Added> b = RandomKeys(2, 60'000, 1000);
  std::vector<Added> both = a;
  both.insert(both.end(), b.begin(), b.end());
  KeySketch sketch_a(capacity);
  KeySketch sketch_b(capacity);
  AddAll(a, &sketch_a);
  AddAll(b, &sketch_b);
  KeySketch ab = sketch_a;
  ab.Merge(sketch_b);
  KeySketch ba = sketch_b;
  ba.Merge(sketch_a);
  ExpectBounds(ab.Top(10), Count(both), capacity / 2);
  ExpectBounds(ba.Top(10), Count(both), capacity / 2);
  EXPECT_EQ(ab.Top(10).by_records, ba.Top(10).by_records)
      << "merging is of no order";
  EXPECT_EQ(ab.Top(10).distinct, ba.Top(10).distinct);
}

// What is added between two calls of Settle may come in any order and portions.
TEST(KeySketch, DoesNotDependOnOrderBetweenSettling) {
  std::vector<Added> keys = RandomKeys(3, 2000, 2000);
  KeySketch forward(256);
  KeySketch backward(256);
  for (int round = 0; round < 5; ++round) {
    for (KeySketch* sketch : {&forward, &backward}) {
      for (const Added& added : keys) {
        AddKey(added, sketch);
      }
      sketch->Settle();
      std::ranges::reverse(keys);
    }
    for (Added& added : keys) added.key += "'";
  }
  EXPECT_GT(forward.Top(1).records_error, 0U);
  EXPECT_EQ(forward.Top(100).by_records, backward.Top(100).by_records);
  EXPECT_EQ(forward.Top(100).by_bytes, backward.Top(100).by_bytes);
}

TEST(KeySketch, EstimatesHowManyKeysThereWere) {
  for (const uint64_t count : {300U, 5000U, 40'000U, 300'000U}) {
    KeySketch sketch(64);
    for (uint64_t i = 0; i < count; ++i) {
      AddKey({.key = "key-" + std::to_string(i), .records = 1, .bytes = 1},
             &sketch);
    }
    sketch.Settle();
    const TopKeys top = sketch.Top(1);
    EXPECT_FALSE(top.distinct_exact);
    // Four times the standard error: the keys are fixed.
    EXPECT_NEAR(static_cast<double>(top.distinct), static_cast<double>(count),
                4 * TopKeys::kDistinctError * static_cast<double>(count));
  }
}

// Hashes differ between processes, and results must not: the number was
// computed in another process.
TEST(KeySketch, EstimatesTheSameInEveryProcess) {
  KeySketch sketch(64);
  for (uint64_t i = 0; i < 100'000; ++i) {
    AddKey({.key = "key-" + std::to_string(i), .records = 1, .bytes = 1},
           &sketch);
  }
  sketch.Settle();
  EXPECT_EQ(sketch.Top(1).distinct, 101'202U);
}

}  // namespace
}  // namespace thresh
