// Functions on sources of records and on records, shared by the tests of
// sources.
#ifndef THRESH_TESTS_KINESIS_READ_ALL_H_
#define THRESH_TESTS_KINESIS_READ_ALL_H_

#include <gtest/gtest.h>

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kinesis/acknowledged.h"
#include "kinesis/record_source.h"
#include "thresh/deaggregate.h"
#include "thresh/hash_key.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {

inline std::vector<Acknowledged> NothingOf(
    const std::vector<HashKeyRange>& shards) {
  return std::vector<Acknowledged>(shards.size());
}

// The records of `source` up to its end or its error.
inline std::vector<OutgoingRecord> ReadAll(RecordSource* source,
                                           std::string* error = nullptr) {
  std::vector<OutgoingRecord> records;
  while (true) {
    Result<std::optional<OutgoingRecord>> next = source->Next();
    if (!next) {
      if (error == nullptr) ADD_FAILURE() << next.error().ToString();
      if (error != nullptr) *error = next.error().ToString();
      return records;
    }
    if (!*next) return records;
    records.push_back(std::move(**next));
  }
}

struct User {
  std::string key;
  std::string hash_key;  // empty: none
  std::string data;

  friend auto operator<=>(const User&, const User&) = default;
};

inline bool Holds(const HashKeyRange& shard, HashKey key) {
  return shard.first <= key && key <= shard.last;
}

// The user records in `record`; checks that each belongs to its shard.
inline std::vector<User> Unpack(const OutgoingRecord& record,
                                const std::vector<HashKeyRange>& shards) {
  Batch batch;
  std::vector<User> users;
  const bool plain =
      Deaggregate(record.data, &batch) == Verdict::kNotAggregated;
  ForEachUserRecord(batch, [&](const KinesisRecord&, const UserRecord& user) {
    User copy{.key = record.partition_key,
              .hash_key = record.explicit_hash_key.value_or(""),
              .data = std::string(AsText(user.data))};
    if (!plain) {
      copy.key = AsText(*user.partition_key);
      copy.hash_key = user.explicit_hash_key
                          ? std::string(AsText(*user.explicit_hash_key))
                          : std::string();
    }
    std::optional<std::string_view> hash_key;
    if (!copy.hash_key.empty()) hash_key = copy.hash_key;
    EXPECT_TRUE(
        Holds(shards[record.shard], *EffectiveHashKey(copy.key, hash_key)));
    users.push_back(std::move(copy));
  });
  EXPECT_EQ(users.size(), record.count);
  EXPECT_TRUE(
      Holds(shards[record.shard],
            *EffectiveHashKey(record.partition_key, record.explicit_hash_key)));
  EXPECT_TRUE(CheckPutRecord(record.View(), {}));
  return users;
}

}  // namespace thresh::kinesis

#endif  // THRESH_TESTS_KINESIS_READ_ALL_H_
