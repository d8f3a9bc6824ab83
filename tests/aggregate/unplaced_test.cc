// Records whose explicit hash key is not a number below 2^128, among others:
// each is read back, and the KCL does not lose any other record because of
// them.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/packing.h"

namespace thresh {
namespace {

using oracle::ReferenceRecord;

// The number of a blob's user records that the KCL delivers, for a shard with
// all hash keys: it parses explicit hash keys like Java's BigInteger(String),
// keeps the records before one that throws, and drops a blob with one out of
// range.
size_t ReadByTheKcl(const std::vector<ReferenceRecord>& users) {
  for (size_t i = 0; i < users.size(); ++i) {
    if (!users[i].explicit_hash_key) continue;
    std::string_view digits = *users[i].explicit_hash_key;
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty() ||
        digits.find_first_not_of("0123456789") != std::string_view::npos) {
      return i;
    }
    ReferenceRecord number = users[i];
    number.explicit_hash_key = digits;
    const bool zero = digits.find_first_not_of('0') == std::string_view::npos;
    if ((negative && !zero) || oracle::HashKeyHex(number).empty()) return 0;
  }
  return users.size();
}

// Some values that producers have written as explicit hash keys, and values
// that are close to numbers.
std::string NoHashKey(oracle::Random* random) {
  static const std::vector<std::string> kTexts = {
      "", "undefined", "null", "NaN", "-1", "+1", " 1", "1 ", "0x1f", "1e3",
      "1.0", "\xFF", "-0", "a", "-",
      // 2^128
      "340282366920938463463374607431768211456",
      "999999999999999999999999999999999999999",
      "00340282366920938463463374607431768211456",
      "1000000000000000000000000000000000000000"};
  return kTexts[random->Below(kTexts.size())];
}

std::vector<ReferenceRecord> MakeMixed(size_t count, size_t one_in,
                                       oracle::Random* random) {
  std::vector<ReferenceRecord> records =
      MakeRecords({.records = count, .hash_keys = false}, random);
  for (ReferenceRecord& record : records) {
    if (random->Below(one_in) == 0) {
      record.explicit_hash_key = NoHashKey(random);
    } else if (random->Below(3) == 0) {
      record.explicit_hash_key =
          std::string(random->Below(3), '0') + std::to_string(random->Next());
    }
  }
  return records;
}

struct ReadBlob {
  std::vector<ReferenceRecord> users;
  bool unplaced;
};

std::vector<ReadBlob> PackAll(const std::vector<ReferenceRecord>& records,
                              const AggregatorOptions& options) {
  Aggregator aggregator = Aggregator::Create(options).value();
  BlobBatch done;
  std::vector<NewUserRecord> views;
  for (const ReferenceRecord& record : records) {
    views.push_back(ViewOf(record));
  }
  std::vector<ReadBlob> packed;
  const auto drain = [&] {
    for (const AggregatedBlob& blob : done.Seal()) {
      packed.push_back(
          {oracle::Judge(std::string(AsText(blob.bytes))).user_records,
           blob.unplaced});
      EXPECT_EQ(packed.back().users.size(), blob.user_records);
    }
    done.Clear();
  };
  for (std::span<const NewUserRecord> rest(views); !rest.empty();) {
    rest = rest.subspan(aggregator.AddMany(rest, &done).value());
    drain();
  }
  aggregator.Flush(&done);
  drain();
  return packed;
}

// The records of one kind, in order, without their numbers.
std::vector<ReferenceRecord> Chosen(std::vector<ReferenceRecord> records,
                                    bool unplaced) {
  std::erase_if(records, [&](const ReferenceRecord& record) {
    return oracle::HashKeyHex(record).empty() != unplaced;
  });
  for (ReferenceRecord& record : records) {
    record.aggregated = false;
    record.sub_sequence_number = 0;
  }
  return records;
}

TEST(Unplaced, RecordsHaveBlobsOfTheirOwnInOrder) {
  oracle::Random random(31);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const auto records =
        MakeMixed(1 + random.Below(200), 1 + random.Below(20), &random);
    const auto packed = PackAll(
        records, {.max_blob_bytes = kMinBlobLimit + random.Below(3000),
                  .max_blob_records = random.Below(2) * (1 + random.Below(9))});
    for (const bool unplaced : {false, true}) {
      std::vector<ReferenceRecord> found;
      for (const ReadBlob& blob : packed) {
        if (blob.unplaced != unplaced) continue;
        EXPECT_EQ(Chosen(blob.users, unplaced).size(), blob.users.size());
        found.insert(found.end(), blob.users.begin(), blob.users.end());
        if (!unplaced) {
          EXPECT_EQ(ReadByTheKcl(blob.users), blob.users.size());
        }
      }
      EXPECT_TRUE(Chosen(found, unplaced) == Chosen(records, unplaced));
    }
  }
}

// The loss caused by one of them in a blob with others, and the loss with
// separate blobs.
TEST(Unplaced, OneAmongManyCostsTheKclOneRecord) {
  std::vector<ReferenceRecord> records;
  for (int i = 0; i < 5000; ++i) {
    records.push_back(MakeRecord("key-" + std::to_string(i % 50), "datum"));
  }
  records[9].explicit_hash_key = "undefined";
  EXPECT_EQ(ReadByTheKcl(records), 9U);
  size_t kept = 0;
  size_t all = 0;
  for (const ReadBlob& blob : PackAll(records, {})) {
    kept += ReadByTheKcl(blob.users);
    all += blob.users.size();
  }
  EXPECT_EQ(kept, 4999U);
  EXPECT_EQ(all, 5000U);
}

TEST(Unplaced, ManyAreAddedUntilTheBatchIsFull) {
  Aggregator aggregator = Aggregator::Create({.max_blob_records = 1}).value();
  std::vector<NewUserRecord> records(1000, {"key", AsBytes("data")});
  for (size_t i = 0; i < records.size(); i += 3) {
    records[i].explicit_hash_key = "undefined";
  }
  BlobBatch done;
  const size_t added = aggregator.AddMany(records, &done).value();
  EXPECT_TRUE(done.full());
  EXPECT_EQ(aggregator.records(), 2U);
  EXPECT_EQ(done.size() + aggregator.records(), added);
}

TEST(Unplaced, ManyStopInFrontOfOneThatIsRefused) {
  Aggregator aggregator =
      Aggregator::Create({.max_blob_bytes = kMinBlobLimit}).value();
  const std::string large(kMinBlobLimit, 'x');
  const std::vector<NewUserRecord> records = {{"key", AsBytes("1")},
                                              {"key", AsBytes("2"), ""},
                                              {"key", AsBytes(large), ""},
                                              {"key", AsBytes("3")}};
  BlobBatch done;
  EXPECT_EQ(aggregator.AddMany(records, &done), 2U);
  const auto rest = std::span(records).subspan(2);
  const Result<size_t> refused = aggregator.AddMany(rest, &done);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(aggregator.AddMany(rest.subspan(1), &done), 1U);
  EXPECT_EQ(aggregator.records(), 3U);
}

}  // namespace
}  // namespace thresh
