// Finished blobs: sealed many at a time, and the keys that their records are
// sent with.
#include "thresh/blob_batch.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "aggregate/packing.h"

namespace thresh {
namespace {

using oracle::ReferenceRecord;

Aggregator Make() { return Aggregator::Create({}).value(); }

TEST(BlobBatch, SealsWhatIsNewAndKeepsTheRest) {
  Aggregator aggregator = Make();
  BlobBatch done;
  std::vector<std::string> expected;
  const auto add = [&](const std::string& data) {
    const ReferenceRecord record = MakeRecord("key", data);
    ASSERT_TRUE(aggregator.Add(ViewOf(record), &done));
    ASSERT_TRUE(aggregator.Flush(&done));
    expected.push_back(oracle::BlobOf({&record, 1}));
  };
  const auto sealed = [&] {
    std::vector<std::string> blobs;
    for (const AggregatedBlob& blob : done.Seal()) {
      blobs.emplace_back(AsText(blob.bytes));
    }
    return blobs;
  };
  EXPECT_TRUE(done.empty());
  EXPECT_TRUE(sealed().empty());
  for (int i = 0; i < 5; ++i) add(std::to_string(i));
  EXPECT_EQ(sealed(), expected);
  EXPECT_EQ(sealed(), expected);
  for (int i = 5; i < 100; ++i) add(std::string(static_cast<size_t>(i), 'x'));
  EXPECT_EQ(sealed(), expected);
  EXPECT_EQ(done.size(), expected.size());
  EXPECT_EQ(done.bytes(), oracle::Join(expected).size());
  EXPECT_TRUE(done.full());

  BlobBatch moved = std::move(done);
  EXPECT_TRUE(done.empty());  // NOLINT(bugprone-use-after-move): guaranteed
  EXPECT_TRUE(sealed().empty());
  done = std::move(moved);
  EXPECT_EQ(sealed(), expected);
  done.Clear();
  EXPECT_TRUE(done.empty());
  EXPECT_EQ(done.bytes(), 0U);
  EXPECT_FALSE(done.full());
  expected.clear();
  add("after");
  EXPECT_EQ(sealed(), expected);
}

struct Outer {
  std::string partition_key;
  std::string hash_key;
};

Outer OuterOf(const std::vector<NewUserRecord>& records) {
  Aggregator aggregator = Make();
  BlobBatch done;
  for (const NewUserRecord& record : records) {
    EXPECT_TRUE(aggregator.Add(record, &done));
  }
  aggregator.Flush(&done);
  const AggregatedBlob& blob = done.Seal().front();
  EXPECT_EQ(blob.user_records, records.size());
  EXPECT_EQ(blob.shard, 0U);
  return {std::string(blob.partition_key), HashKeyText(blob.hash_key)};
}

TEST(AggregatedBlob, OneRecordKeepsItsPartitionKey) {
  const std::string longest(256, 'k');
  const std::string too_long(257, 'k');
  EXPECT_EQ(OuterOf({{"key", {}}}).partition_key, "key");
  EXPECT_EQ(OuterOf({{longest, {}, "7"}}).partition_key, longest);
  EXPECT_EQ(OuterOf({{too_long, {}}}).partition_key, "a");
  EXPECT_EQ(OuterOf({{"", {}}}).partition_key, "a");
  EXPECT_EQ(OuterOf({{"\xFF", {}}}).partition_key, "a");
  EXPECT_EQ(OuterOf({{"key", {}}, {"key", {}}}).partition_key, "a");
}

TEST(AggregatedBlob, GoesWhereItsFirstRecordWould) {
  EXPECT_EQ(OuterOf({{"x", {}, "17"}, {"y", {}, "18"}}).hash_key, "17");
  // MD5("a") is 0cc175b9c0f1b6a831c399e269772661.
  const std::string of_a = "16955237001963240173058271559858726497";
  EXPECT_EQ(OuterOf({{"a", {}}, {"y", {}, "18"}}).hash_key, of_a);
  // Not a number below 2^128.
  EXPECT_EQ(
      OuterOf({{"a", {}, "340282366920938463463374607431768211456"}}).hash_key,
      of_a);
  EXPECT_EQ(OuterOf({{"a", {}, "-1"}}).hash_key, of_a);
}

}  // namespace
}  // namespace thresh
