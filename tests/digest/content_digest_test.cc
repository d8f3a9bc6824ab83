// The content digest against OpenSSL's SHA-256 and long integers, on every
// target, and its required properties.
#include "thresh/content_digest.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "digest/hostile.h"
#include "digest/records.h"
#include "digest/sha256_testing.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

ContentDigest DigestOf(const std::vector<Record>& records) {
  std::vector<UserRecord> views;
  for (const Record& record : records) views.push_back(View(record));
  ContentDigest digest;
  digest.Add(views);
  return digest;
}

std::string ReferenceOf(const std::vector<Record>& records) {
  std::vector<std::string> encodings;
  for (const Record& record : records) encodings.push_back(EncodingOf(record));
  return ReferenceContentDigest(encodings);
}

class ContentDigestTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(ForceSimdTarget(GetParam())); }
  void TearDown() override { ASSERT_TRUE(ForceSimdTarget("")); }
};

INSTANTIATE_TEST_SUITE_P(EveryTarget, ContentDigestTest,
                         ::testing::ValuesIn(SimdTargets()),
                         [](const auto& target) { return target.param; });

TEST_P(ContentDigestTest, IsWhatOpenSslMakesOfIt) {
  const std::vector<Record> records = ManyRecords();
  for (const size_t count : {0U, 1U, 2U, 15U, 16U, 17U, 500U}) {
    const std::vector<Record> some = {
        records.end() - static_cast<ptrdiff_t>(count), records.end()};
    EXPECT_EQ(DigestOf(some).ToHex(), ReferenceOf(some)) << count;
  }
  EXPECT_EQ(DigestOf(records).ToHex(), ReferenceOf(records));
  for (const Record& record : records) {
    ASSERT_EQ(DigestOf({record}).ToHex(), ReferenceOf({record}))
        << record.data.size();
  }
}

TEST_P(ContentDigestTest, AddsBatchesAsItAddsTheirRecords) {
  const std::vector<Record> records = ManyRecords();
  const Batch batch = BatchOf(records);
  const ContentDigest whole = DigestOf(records);
  ContentDigest digest;
  digest.Add(batch);
  EXPECT_EQ(digest, whole);
  for (const size_t first : {size_t{1}, size_t{700}, records.size()}) {
    const auto middle = records.begin() + static_cast<ptrdiff_t>(first);
    ContentDigest rest = DigestOf({records.begin(), middle});
    rest.Add(batch, first);
    EXPECT_EQ(rest, whole) << first;
  }
}

TEST(ContentDigest, KeepsItsValueForEver) {
  // Users compare digests of different versions, so these must never change.
  // The values are those of the program in FORMAT.md.
  EXPECT_EQ(ContentDigest().ToHex(),
            "ab1642a5fbec142ed166521affcb32a1018793ccff8a30ce6b951a790f5d56a5");
  EXPECT_EQ(DigestOf({{"key", "1", "data"}}).ToHex(),
            "9d85f19d5a234d7318ec6ef099f9df9e9a2cbe3802dec20e3c3c67fbb9b2ea4b");
  EXPECT_EQ(DigestOf({{std::nullopt, std::nullopt, ""}}).ToHex(),
            "599bffc707e0fcd90f5c189ab45c79e0ba7bab13ced8fef0c39752abdb1858ec");
}

TEST(ContentDigest, DoesNotDependOnTheOrder) {
  std::vector<Record> records = ManyRecords();
  const ContentDigest digest = DigestOf(records);
  std::shuffle(records.begin(), records.end(), std::mt19937_64(1));
  EXPECT_EQ(DigestOf(records), digest);
}

TEST(ContentDigest, CountsEqualRecords) {
  const Record record = {"key", std::nullopt, "data"};
  std::set<std::string> digests;
  for (size_t count = 0; count < 100; ++count) {
    digests.insert(DigestOf(std::vector<Record>(count, record)).ToHex());
  }
  EXPECT_EQ(digests.size(), 100U);
}

TEST(ContentDigest, TellsApartWhatLooksAlikeWhenConcatenated) {
  std::set<std::string> digests;
  const std::vector<Record> records = {
      {"ab", std::nullopt, "c"}, {"a", std::nullopt, "bc"},
      {"", std::nullopt, "abc"}, {"abc", std::nullopt, ""},
      {"a", "b", "c"},           {"", "ab", "c"},
      {std::nullopt, "ab", "c"}, {std::nullopt, std::nullopt, "abc"}};
  for (const Record& record : records) {
    digests.insert(DigestOf({record}).ToHex());
  }
  EXPECT_EQ(digests.size(), records.size());
}

TEST(ContentDigest, TellsApartRecordsThatWereMadeToCollide) {
  // Their content checksums are equal.
  std::set<std::string> digests;
  for (const std::string& data : CollidingData(1000)) {
    digests.insert(
        DigestOf({{std::string(kTenant), std::nullopt, data}}).ToHex());
  }
  EXPECT_EQ(digests.size(), 1000U);
}

TEST(ContentDigest, MergesToTheDigestOfBoth) {
  const std::vector<Record> records = ManyRecords();
  const ContentDigest whole = DigestOf(records);
  for (size_t cut = 0; cut <= records.size(); cut += 97) {
    const auto middle = records.begin() + static_cast<ptrdiff_t>(cut);
    ContentDigest digest = DigestOf({records.begin(), middle});
    digest.Merge(DigestOf({middle, records.end()}));
    EXPECT_EQ(digest, whole);
  }
}

TEST(ContentDigest, TakesKeysOfAnyLength) {
  std::vector<Record> records;
  for (size_t i = 0; i < 300; ++i) {
    records.push_back({Text(i % 3, 10'000 + i % 3), std::nullopt, "data"});
  }
  EXPECT_EQ(DigestOf(records).ToHex(), ReferenceOf(records));
}

TEST(ContentDigest, AcceptsEmptyDataWithoutAddress) {
  Batch batch;
  batch.user_records.data.Append(nullptr);
  batch.user_records.data_size.Append(0);
  batch.user_records.partition_key.Append(kNoKey);
  batch.user_records.explicit_hash_key.Append(kNoKey);
  ContentDigest digest;
  digest.Add(batch);
  EXPECT_EQ(digest, DigestOf({{std::nullopt, std::nullopt, ""}}));
}

}  // namespace
}  // namespace thresh
