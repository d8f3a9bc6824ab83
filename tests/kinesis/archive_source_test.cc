// The records that are sent from archives: every record, once, to its shard,
// wherever an earlier run ended.
#include "kinesis/archive_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "blob_maker.h"
#include "cli/run_program.h"
#include "kinesis/read_all.h"
#include "thresh/deaggregate.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ArchiveSourceTest : public testing::Test {
 protected:
  ArchiveSourceTest() {
    reading_.on_suspect = SuspectPolicy::kSkip;
    packing_.blob_bytes = 1500;
  }

  // Writes an archive of Kinesis records in base64, each with some user
  // records, and stores these in users_.
  void MakeArchive(size_t records, size_t largest) {
    std::mt19937 random(11);
    for (size_t i = 0; i < records; ++i) {
      User user{
          .key = "key-" + std::to_string(random() % 50),
          .hash_key = {},
          .data = std::to_string(i) + std::string(random() % largest, 'x')};
      if (random() % 4 == 0) {
        user.hash_key = HashKeyText({random() * 0x100000001ULL, random()});
      }
      if (unplaced_ && random() % 5 == 0) {
        user.hash_key = random() % 2 == 0 ? "undefined" : "-1";
      }
      users_.push_back(std::move(user));
    }
    std::vector<NewUserRecord> views;
    for (const User& user : users_) {
      views.push_back({.partition_key = user.key, .data = AsBytes(user.data)});
      if (!user.hash_key.empty()) {
        views.back().explicit_hash_key = user.hash_key;
      }
    }
    std::string archive;
    constexpr size_t kPerBlob = 30;
    for (std::span<const NewUserRecord> rest(views); !rest.empty();) {
      const size_t count = std::min(kPerBlob, rest.size());
      archive += MixedBlob(rest.first(count));
      rest = rest.subspan(count);
    }
    WriteFile(path_, archive);
  }

  std::unique_ptr<ArchiveSource> Open(std::vector<Acknowledged> done) {
    Result<std::unique_ptr<ArchiveSource>> source = ArchiveSource::Open(
        InputList({path_}), reading_, packing_, shards_, done);
    EXPECT_TRUE(source) << source.error().ToString();
    return std::move(*source);
  }

  std::vector<User> Sent(const std::vector<OutgoingRecord>& records) {
    std::vector<User> sent;
    for (const OutgoingRecord& record : records) {
      for (User& user : Unpack(record, shards_)) {
        sent.push_back(std::move(user));
      }
    }
    std::ranges::sort(sent);
    return sent;
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_ / "archive";
  std::vector<User> users_;
  bool unplaced_ = false;  // whether some records' hash keys are not numbers
  std::vector<HashKeyRange> shards_ = EqualRanges(3);
  Options reading_;
  PackOptions packing_;
};

TEST_F(ArchiveSourceTest, SendsEveryRecordOnceOnItsShard) {
  MakeArchive(2000, 100);
  for (const bool aggregate : {true, false}) {
    packing_.aggregate = aggregate;
    const auto source = Open(NothingOf(shards_));
    const std::vector<OutgoingRecord> records = ReadAll(source.get());
    std::vector<User> expected = users_;
    std::ranges::sort(expected);
    EXPECT_EQ(Sent(records), expected);
    EXPECT_EQ(records.size() < users_.size() / 4, aggregate);
    // Numbers are consecutive.
    std::vector<uint64_t> next(3);
    for (const OutgoingRecord& record : records) {
      EXPECT_EQ(record.first, next[record.shard]);
      next[record.shard] += record.count;
    }
  }
}

// Continues after a run that ended at any point: the records that it had
// acknowledged, in any ranges, are left out, and all others are sent, however
// they are packed now.
TEST_F(ArchiveSourceTest, GoesOnWhereverARunEnded) {
  MakeArchive(600, 60);
  std::mt19937 random(5);
  for (int round = 0; round < 30; ++round) {
    packing_.aggregate = true;
    packing_.blob_bytes = 1100 + random() % 2000;
    const auto first = Open(NothingOf(shards_));
    std::vector<OutgoingRecord> sent = ReadAll(first.get());
    std::vector<Acknowledged> done = NothingOf(shards_);
    std::erase_if(sent, [&](const OutgoingRecord& record) {
      if (random() % 3 == 0) return true;
      done[record.shard].Add(record.first, record.count);
      return false;
    });
    packing_.blob_bytes = 1100 + random() % 2000;
    packing_.aggregate = round % 5 != 0;
    const auto second = Open(done);
    for (OutgoingRecord& record : ReadAll(second.get())) {
      for (uint64_t i = 0; i < record.count; ++i) {
        ASSERT_FALSE(done[record.shard].Contains(record.first + i));
      }
      done[record.shard].Add(record.first, record.count);
      sent.push_back(std::move(record));
    }
    std::vector<User> expected = users_;
    std::ranges::sort(expected);
    ASSERT_EQ(Sent(sent), expected);
    for (const Acknowledged& shard : done) EXPECT_TRUE(shard.beyond().empty());
  }
}

// Records that are sent by their partition keys are numbered like others, in
// every run of the same policy, wherever the previous one ended.
TEST_F(ArchiveSourceTest, DroppedHashKeysAreNumberedLikeOthers) {
  unplaced_ = true;
  MakeArchive(600, 60);
  packing_.on_unsendable = OnUnsendable::kDropHashKey;
  uint64_t wrong = 0;
  for (User& user : users_) {
    if (IsHashKey(user.hash_key) || user.hash_key.empty()) continue;
    user.hash_key.clear();
    ++wrong;
  }
  std::ranges::sort(users_);
  std::mt19937 random(6);
  for (int round = 0; round < 20; ++round) {
    packing_.aggregate = round % 5 != 0;
    const auto first = Open(NothingOf(shards_));
    std::vector<OutgoingRecord> sent = ReadAll(first.get());
    EXPECT_EQ(first->counts().dropped_hash_keys, wrong);
    EXPECT_EQ(first->counts().unsendable, 0U);
    std::vector<Acknowledged> done = NothingOf(shards_);
    std::erase_if(sent, [&](const OutgoingRecord& record) {
      if (random() % 3 == 0) return true;
      done[record.shard].Add(record.first, record.count);
      return false;
    });
    const auto second = Open(done);
    for (OutgoingRecord& record : ReadAll(second.get())) {
      sent.push_back(std::move(record));
    }
    ASSERT_EQ(Sent(sent), users_);
  }
}

// A run that ends at the first such record numbers the records before it like
// other runs.
TEST_F(ArchiveSourceTest, NumbersInFrontOfAnUnsendableRecordAreTheSame) {
  unplaced_ = true;
  MakeArchive(40, 60);
  packing_.aggregate = false;
  std::string error;
  const auto failing = Open(NothingOf(shards_));
  const auto before = ReadAll(failing.get(), &error);
  EXPECT_THAT(error, HasSubstr("by their partition keys, or left out"));
  ASSERT_FALSE(before.empty());
  for (const OnUnsendable policy :
       {OnUnsendable::kSkip, OnUnsendable::kDropHashKey}) {
    packing_.on_unsendable = policy;
    const auto source = Open(NothingOf(shards_));
    const auto all = ReadAll(source.get());
    ASSERT_GT(all.size(), before.size());
    for (size_t i = 0; i < before.size(); ++i) {
      EXPECT_EQ(all[i].data, before[i].data);
      EXPECT_EQ(all[i].shard, before[i].shard);
      EXPECT_EQ(all[i].first, before[i].first);
    }
  }
}

TEST_F(ArchiveSourceTest, WhatFitsInNoAggregateGoesByItselfInOrder) {
  shards_ = EqualRanges(1);
  packing_.blob_bytes = 1024;
  Result<Aggregator> aggregator = Aggregator::Create({});
  BlobBatch blobs;
  for (const size_t size : {10U, 2000U, 20U}) {
    const std::string data(size, 'x');
    ASSERT_TRUE(
        aggregator->Add({.partition_key = "k", .data = AsBytes(data)}, &blobs));
  }
  aggregator->Flush(&blobs);
  WriteFile(path_, AsText(blobs.Seal()[0].bytes));
  const auto source = Open(NothingOf(shards_));
  const std::vector<OutgoingRecord> records = ReadAll(source.get());
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].data.size(), 2000U);
  EXPECT_EQ(records[1].partition_key, "k");
  EXPECT_EQ(records[1].explicit_hash_key, std::nullopt);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(records[i].first, i);
  EXPECT_EQ(Sent(records).size(), 3U);
}

// The aggregate of a single record has that record's key, unless the aggregate
// only fits with "a".
TEST_F(ArchiveSourceTest, AnAggregateWithItsKeyIsWithinTheLimit) {
  shards_ = EqualRanges(1);
  packing_.limits.record_bytes = 2000;
  packing_.blob_bytes = 1999;
  const std::string key(200, 'k');
  for (const size_t size : {1000U, 1700U, 1740U}) {
    Result<Aggregator> aggregator = Aggregator::Create({});
    BlobBatch blobs;
    const std::string data(size, 'x');
    ASSERT_TRUE(
        aggregator->Add({.partition_key = key, .data = AsBytes(data)}, &blobs));
    aggregator->Flush(&blobs);
    WriteFile(path_, AsText(blobs.Seal()[0].bytes));
    const auto source = Open(NothingOf(shards_));
    const std::vector<OutgoingRecord> records = ReadAll(source.get());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_LE(CountedBytes(records[0].View()), 2000U) << size;
    EXPECT_EQ(records[0].partition_key, size == 1000 ? key : "a") << size;
    EXPECT_EQ(Sent(records)[0].key, key);
  }
}

TEST_F(ArchiveSourceTest, RecordsWithoutKeyNeedOne) {
  WriteFile(path_, "\x03xyz\x01!");
  reading_.container = ContainerKind::kVarint;
  std::string error;
  const auto failing = Open(NothingOf(shards_));
  EXPECT_THAT(ReadAll(failing.get(), &error), IsEmpty());
  EXPECT_THAT(error, HasSubstr("archive: offset 1: "));
  EXPECT_THAT(error, HasSubstr("--default-partition-key"));

  packing_.on_unsendable = OnUnsendable::kSkip;
  const auto skipping = Open(NothingOf(shards_));
  EXPECT_THAT(ReadAll(skipping.get()), IsEmpty());
  EXPECT_EQ(skipping->counts().unsendable, 2U);
  ASSERT_TRUE(skipping->counts().first_unsendable);
  EXPECT_EQ(skipping->counts().first_unsendable->offset, 1U);

  packing_.default_partition_key = "d";
  const auto source = Open(NothingOf(shards_));
  const std::vector<User> sent = Sent(ReadAll(source.get()));
  EXPECT_THAT(sent, ElementsAre(User{"d", "", "!"}, User{"d", "", "xyz"}));
}

TEST_F(ArchiveSourceTest, RecordsThatAreTooLargeAreLeftOut) {
  packing_.limits.record_bytes = 1600;
  const std::string fits(1599, 'x');
  const std::string too_large(1600, 'x');
  WriteFile(path_, MixedBlob(std::vector<NewUserRecord>{
                       {"k", AsBytes(fits)},
                       {"k", AsBytes(too_large)},
                       {"k", {}, "340282366920938463463374607431768211456"}}));
  packing_.on_unsendable = OnUnsendable::kSkip;
  const auto source = Open(NothingOf(shards_));
  const std::vector<OutgoingRecord> records = ReadAll(source.get());
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].data.size(), 1599U);
  EXPECT_EQ(source->counts().unsendable, 2U);
  EXPECT_THAT(source->counts().first_unsendable->message,
              HasSubstr("1601 bytes"));
}

// When read again, the directory might be a file, and all records after it
// would have other numbers.
TEST_F(ArchiveSourceTest, AnInputThatFailsEndsTheRunIfNumbersMustLast) {
  MakeArchive(10, 10);
  for (const bool must_last : {false, true}) {
    packing_.numbers_must_last = must_last;
    Result<std::unique_ptr<ArchiveSource>> source =
        ArchiveSource::Open(InputList({directory_.path(), path_}), reading_,
                            packing_, shards_, NothingOf(shards_));
    ASSERT_TRUE(source);
    std::string error;
    const std::vector<OutgoingRecord> records = ReadAll(source->get(), &error);
    EXPECT_EQ(Sent(records).size(), must_last ? 0U : 10U);
    EXPECT_EQ((*source)->report().input_errors.size(), 1U);
    EXPECT_EQ(error.empty(), !must_last);
    EXPECT_EQ(error.find("leave it or --checkpoint") != std::string::npos,
              must_last)
        << error;
  }
}

// A truncated input is truncated every time.
TEST_F(ArchiveSourceTest, ContentThatIsWrongDoesNotEndTheRun) {
  MakeArchive(10, 10);
  const std::string broken = directory_ / "broken";
  WriteFile(broken, "\x1f\x8b\x08");
  packing_.numbers_must_last = true;
  Result<std::unique_ptr<ArchiveSource>> source =
      ArchiveSource::Open(InputList({broken, path_}), reading_, packing_,
                          shards_, NothingOf(shards_));
  ASSERT_TRUE(source);
  EXPECT_EQ(Sent(ReadAll(source->get())).size(), 10U);
  EXPECT_EQ((*source)->report().input_errors.size(), 1U);
}

}  // namespace
}  // namespace thresh::kinesis
