// The content checksum against encodings written out here by hand and hashed in
// one call, and the properties for which it exists.
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

#include "digest/md5_testing.h"

namespace thresh {
namespace {

using ::testing::StrEq;
using Sum = unsigned __int128;
using Key = std::optional<std::string>;

struct Record {
  Key partition_key;
  Key explicit_hash_key;
  std::string data;
};

UserRecord View(const Record& record) {
  UserRecord view = {};
  if (record.partition_key) view.partition_key = AsBytes(*record.partition_key);
  if (record.explicit_hash_key) {
    view.explicit_hash_key = AsBytes(*record.explicit_hash_key);
  }
  view.data = AsBytes(record.data);
  return view;
}

std::string LittleEndian(uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i, value >>= 8) {
    bytes += static_cast<char>(value & 0xff);
  }
  return bytes;
}

Sum ExpectedHash(const Record& record) {
  const auto size = [](const Key& key) { return key ? key->size() + 1 : 0; };
  const std::string encoding =
      LittleEndian(size(record.partition_key)) +
      LittleEndian(size(record.explicit_hash_key)) +
      LittleEndian(record.data.size() + 1) + record.partition_key.value_or("") +
      record.explicit_hash_key.value_or("") + record.data;
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

ContentChecksum DigestOf(const std::vector<Record>& records) {
  ContentChecksum digest;
  for (const Record& record : records) digest.Add(View(record));
  return digest;
}

std::string Text(uint64_t seed, size_t size) {
  return std::string(AsText(RandomBytes(seed, size)));
}

// Records of all sizes around those where the encoding's path changes.
std::vector<Record> ManyRecords() {
  std::vector<Record> records;
  for (size_t size = 0; size < 5000; size += 1 + size / 40) {
    const std::string data = Text(size, size);
    records.push_back({std::nullopt, std::nullopt, data});
    records.push_back({"key", std::nullopt, data});
    records.push_back({"", "", data});
    records.push_back({"key", "123456", data});
    records.push_back({data, std::nullopt, "data"});
    records.push_back({std::nullopt, data, "data"});
  }
  return records;
}

TEST(ContentChecksum, IsZeroForNoRecords) {
  EXPECT_THAT(ContentChecksum().ToHex(),
              StrEq("00000000000000000000000000000000"));
}

TEST(ContentChecksum, IsTheHashOfTheCanonicalEncodingOfOneRecord) {
  for (const Record& record : ManyRecords()) {
    ASSERT_EQ(DigestOf({record}).ToHex(), SumToHex(ExpectedHash(record)))
        << record.data.size();
  }
}

TEST(ContentChecksum, KeepsItsValueForEver) {
  // Users compare digests of different versions: these may never change. The
  // values are those that xxh128sum gives for the encodings.
  EXPECT_EQ(DigestOf({{"key", "1", "data"}}).ToHex(),
            "77bc01a4089bdd654fd6261c2dfcaff7");
  EXPECT_EQ(DigestOf({{std::nullopt, std::nullopt, ""}}).ToHex(),
            "95b8b6cc5ea1c5f51dc4fa5272e0e99d");
}

TEST(ContentChecksum, IsTheSumWithCarry) {
  Sum sum = 0;
  Sum low_sum = 0;
  ContentChecksum digest;
  for (const Record& record : ManyRecords()) {
    const Sum hash = ExpectedHash(record);
    sum += hash;
    low_sum += static_cast<uint64_t>(hash);
    digest.Add(View(record));
    ASSERT_EQ(digest.ToHex(), SumToHex(sum));
  }
  ASSERT_GT(low_sum >> 64, Sum{100}) << "too few carries to prove anything";
}

TEST(ContentChecksum, DoesNotDependOnTheOrder) {
  std::vector<Record> records = ManyRecords();
  const ContentChecksum digest = DigestOf(records);
  std::shuffle(records.begin(), records.end(), std::mt19937_64(1));
  EXPECT_EQ(DigestOf(records), digest);
}

TEST(ContentChecksum, CountsEqualRecords) {
  const Record record = {"key", std::nullopt, "data"};
  EXPECT_NE(DigestOf({record, record}), DigestOf({record}));
  EXPECT_NE(DigestOf({record, record}), ContentChecksum());
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
      EXPECT_NE(DigestOf({records[i]}), DigestOf({records[j]}))
          << i << " " << j;
    }
  }
}

TEST(ContentChecksum, IgnoresWhatIsNotContent) {
  const Record content = {"key", "1", "data"};
  UserRecord record = View(content);
  record.sub_sequence_number = 7;
  record.aggregated = true;
  ContentChecksum digest;
  digest.Add(record);
  EXPECT_EQ(digest, DigestOf({content}));
}

TEST(ContentChecksum, MergesToTheDigestOfBoth) {
  const std::vector<Record> records = ManyRecords();
  const ContentChecksum whole = DigestOf(records);
  for (size_t cut = 0; cut <= records.size(); cut += 97) {
    const auto middle = records.begin() + static_cast<ptrdiff_t>(cut);
    ContentChecksum digest = DigestOf({records.begin(), middle});
    digest.Merge(DigestOf({middle, records.end()}));
    EXPECT_EQ(digest, whole);
  }
}

TEST(ContentChecksum, AddsBatchesAsItAddsTheirRecords) {
  const std::vector<Record> records = ManyRecords();
  Batch batch;
  UserRecordColumns& columns = batch.user_records;
  const auto add_key = [](const Key& key, Column<Bytes>* keys) {
    if (!key) return kNoKey;
    keys->Append(AsBytes(*key));
    return static_cast<uint32_t>(keys->size() - 1);
  };
  for (const Record& record : records) {
    const Bytes data = AsBytes(record.data);
    columns.data.Append(data.data());
    columns.data_size.Append(static_cast<uint32_t>(data.size()));
    columns.partition_key.Append(
        add_key(record.partition_key, &columns.partition_keys));
    columns.explicit_hash_key.Append(
        add_key(record.explicit_hash_key, &columns.explicit_hash_keys));
  }
  ContentChecksum digest;
  digest.Add(batch);
  EXPECT_EQ(digest, DigestOf(records));
}

TEST(ContentChecksum, AcceptsEmptyDataWithoutAddress) {
  Batch batch;
  batch.user_records.data.Append(nullptr);
  batch.user_records.data_size.Append(0);
  batch.user_records.partition_key.Append(kNoKey);
  batch.user_records.explicit_hash_key.Append(kNoKey);
  ContentChecksum digest;
  digest.Add(batch);
  EXPECT_EQ(digest, DigestOf({{std::nullopt, std::nullopt, ""}}));
}

}  // namespace
}  // namespace thresh
