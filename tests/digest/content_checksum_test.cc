// The content checksum against handwritten encodings that are hashed in one
// call, and its required properties.
#include "thresh/content_checksum.h"

#include <gmock/gmock.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "digest/hostile.h"
#include "digest/records.h"

namespace thresh {
namespace {

using ::testing::StrEq;
using Sum = unsigned __int128;

Sum ExpectedHash(const Record& record) {
  const std::string encoding = EncodingOf(record);
  const XXH128_hash_t hash = XXH3_128bits(encoding.data(), encoding.size());
  return Sum{hash.high64} << 64 | hash.low64;
}

std::string SumToHex(Sum sum) {
  std::string hex;
  for (int shift = 124; shift >= 0; shift -= 4) {
    hex += "0123456789abcdef"[static_cast<size_t>(sum >> shift) & 15];
  }
  return hex;
}

ContentChecksum ChecksumOf(const std::vector<Record>& records) {
  ContentChecksum checksum;
  for (const Record& record : records) checksum.Add(View(record));
  return checksum;
}

TEST(ContentChecksum, IsZeroForNoRecords) {
  EXPECT_THAT(ContentChecksum().ToHex(),
              StrEq("00000000000000000000000000000000"));
}

TEST(ContentChecksum, IsTheHashOfTheCanonicalEncodingOfOneRecord) {
  for (const Record& record : ManyRecords()) {
    ASSERT_EQ(ChecksumOf({record}).ToHex(), SumToHex(ExpectedHash(record)))
        << record.data.size();
  }
}

TEST(ContentChecksum, KeepsItsValueForEver) {
  // Users compare checksums of different versions, so these must never change.
  // The values are those of xxh128sum for the encodings.
  EXPECT_EQ(ChecksumOf({{"key", "1", "data"}}).ToHex(),
            "77bc01a4089bdd654fd6261c2dfcaff7");
  EXPECT_EQ(ChecksumOf({{std::nullopt, std::nullopt, ""}}).ToHex(),
            "95b8b6cc5ea1c5f51dc4fa5272e0e99d");
}

TEST(ContentChecksum, IsTheSumWithCarry) {
  Sum sum = 0;
  Sum low_sum = 0;
  ContentChecksum checksum;
  for (const Record& record : ManyRecords()) {
    const Sum hash = ExpectedHash(record);
    sum += hash;
    low_sum += static_cast<uint64_t>(hash);
    checksum.Add(View(record));
    ASSERT_EQ(checksum.ToHex(), SumToHex(sum));
  }
  ASSERT_GT(low_sum >> 64, Sum{100}) << "too few carries to prove anything";
}

TEST(ContentChecksum, DoesNotDependOnTheOrder) {
  std::vector<Record> records = ManyRecords();
  const ContentChecksum checksum = ChecksumOf(records);
  std::shuffle(records.begin(), records.end(), std::mt19937_64(1));
  EXPECT_EQ(ChecksumOf(records), checksum);
}

TEST(ContentChecksum, CountsEqualRecords) {
  const Record record = {"key", std::nullopt, "data"};
  EXPECT_NE(ChecksumOf({record, record}), ChecksumOf({record}));
  EXPECT_NE(ChecksumOf({record, record}), ContentChecksum());
}

TEST(ContentChecksum, TellsApartWhatLooksAlikeWhenConcatenated) {
  const std::vector<Record> records = {{"ab", std::nullopt, "c"},
                                       {"a", std::nullopt, "bc"},
                                       {"", std::nullopt, "abc"},
                                       {"abc", std::nullopt, ""},
                                       {"a", "b", "c"},
                                       {"a", "bc", ""},
                                       {"", "ab", "c"},
                                       {std::nullopt, "ab", "c"},
                                       {"ab", "", "c"},
                                       {std::nullopt, std::nullopt, "abc"},
                                       {"", "", "abc"}};
  for (size_t i = 0; i < records.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_NE(ChecksumOf({records[i]}), ChecksumOf({records[j]}))
          << i << " " << j;
    }
  }
}

TEST(ContentChecksum, IgnoresWhatIsNotContent) {
  const Record content = {"key", "1", "data"};
  UserRecord record = View(content);
  record.sub_sequence_number = 7;
  record.aggregated = true;
  ContentChecksum checksum;
  checksum.Add(record);
  EXPECT_EQ(checksum, ChecksumOf({content}));
}

// This is why there is also a ContentDigest.
TEST(ContentChecksum, IsTheSameForRecordsThatWereMadeToCollide) {
  const std::vector<std::string> data = CollidingData(2);
  const std::string key(kTenant);
  ASSERT_NE(data[0], data[1]);
  EXPECT_EQ(ChecksumOf({{key, std::nullopt, data[0]}}),
            ChecksumOf({{key, std::nullopt, data[1]}}));
}

TEST(ContentChecksum, MergesToTheChecksumOfBoth) {
  const std::vector<Record> records = ManyRecords();
  const ContentChecksum whole = ChecksumOf(records);
  for (size_t cut = 0; cut <= records.size(); cut += 97) {
    const auto middle = records.begin() + static_cast<ptrdiff_t>(cut);
    ContentChecksum checksum = ChecksumOf({records.begin(), middle});
    checksum.Merge(ChecksumOf({middle, records.end()}));
    EXPECT_EQ(checksum, whole);
  }
}

TEST(ContentChecksum, AddsBatchesAsItAddsTheirRecords) {
  const std::vector<Record> records = ManyRecords();
  const Batch batch = BatchOf(records);
  ContentChecksum checksum;
  checksum.Add(batch);
  EXPECT_EQ(checksum, ChecksumOf(records));
}

TEST(ContentChecksum, AcceptsEmptyDataWithoutAddress) {
  Batch batch;
  batch.user_records.data.Append(nullptr);
  batch.user_records.data_size.Append(0);
  batch.user_records.partition_key.Append(kNoKey);
  batch.user_records.explicit_hash_key.Append(kNoKey);
  ContentChecksum checksum;
  checksum.Add(batch);
  EXPECT_EQ(checksum, ChecksumOf({{std::nullopt, std::nullopt, ""}}));
}

}  // namespace
}  // namespace thresh
