// What is to be sent of archives and of request documents: every record, once,
// on its shard, wherever an earlier run ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "cli/run_program.h"
#include "kinesis/archive_source.h"
#include "kinesis/document_source.h"
#include "kinesis/find_shard.h"
#include "oracle/compress.h"
#include "thresh/deaggregate.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct User {
  std::string key;
  std::string hash_key;  // empty: none
  std::string data;

  friend auto operator<=>(const User&, const User&) = default;
};

std::vector<Acknowledged> NothingOf(const std::vector<HashKeyRange>& shards) {
  return std::vector<Acknowledged>(shards.size());
}

// The records of `source` to its end, or to its error.
std::vector<OutgoingRecord> ReadAll(RecordSource* source,
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

// The user records in `record`, each checked to belong to its shard.
std::vector<User> Unpack(const OutgoingRecord& record,
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
    EXPECT_EQ(FindShard(shards, *EffectiveHashKey(copy.key, hash_key)),
              record.shard);
    users.push_back(std::move(copy));
  });
  EXPECT_EQ(users.size(), record.count);
  EXPECT_EQ(FindShard(shards, *EffectiveHashKey(record.partition_key,
                                                record.explicit_hash_key)),
            record.shard);
  EXPECT_TRUE(CheckPutRecord(record.View(), {}));
  return users;
}

class ArchiveSourceTest : public testing::Test {
 protected:
  ArchiveSourceTest() {
    reading_.on_suspect = SuspectPolicy::kSkip;
    packing_.blob_bytes = 1500;
  }

  // Writes an archive of Kinesis records in base64, each of some user records,
  // and notes which these are.
  void MakeArchive(size_t records, size_t largest) {
    std::mt19937 random(11);
    Result<Aggregator> aggregator =
        Aggregator::Create({.max_blob_bytes = 4096});
    ASSERT_TRUE(aggregator);
    BlobBatch blobs;
    for (size_t i = 0; i < records; ++i) {
      User user{
          .key = "key-" + std::to_string(random() % 50),
          .hash_key = {},
          .data = std::to_string(i) + std::string(random() % largest, 'x')};
      if (random() % 4 == 0) {
        user.hash_key = HashKeyText({random() * 0x100000001ULL, random()});
      }
      NewUserRecord record{.partition_key = user.key,
                           .data = AsBytes(user.data)};
      if (!user.hash_key.empty()) record.explicit_hash_key = user.hash_key;
      ASSERT_TRUE(aggregator->Add(record, &blobs));
      users_.push_back(std::move(user));
    }
    aggregator->Flush(&blobs);
    std::string archive;
    for (const AggregatedBlob& blob : blobs.Seal()) {
      archive += AsText(blob.bytes);
    }
    WriteFile(path_, archive);
  }

  std::unique_ptr<ArchiveSource> Open(std::vector<Acknowledged> done) {
    Result<std::unique_ptr<ArchiveSource>> source =
        ArchiveSource::Open({path_}, reading_, packing_, shards_, done);
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
    // Numbers have no gap.
    std::vector<uint64_t> next(3);
    for (const OutgoingRecord& record : records) {
      EXPECT_EQ(record.first, next[record.shard]);
      next[record.shard] += record.count;
    }
  }
}

// A run that ended anywhere: those it had acknowledged, in any ranges, are left
// out, and all others come, however they are packed now.
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

// A single record's aggregate has that record's key, unless only "a" leaves the
// aggregate room.
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
  EXPECT_THAT(error, HasSubstr("--on-unsendable skip"));

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
  Result<Aggregator> aggregator = Aggregator::Create({});
  BlobBatch blobs;
  for (const size_t size : {1599U, 1600U}) {
    const std::string data(size, 'x');
    ASSERT_TRUE(
        aggregator->Add({.partition_key = "k", .data = AsBytes(data)}, &blobs));
  }
  const std::string_view no_number = "340282366920938463463374607431768211456";
  ASSERT_TRUE(aggregator->Add(
      {.partition_key = "k", .data = {}, .explicit_hash_key = no_number},
      &blobs));
  aggregator->Flush(&blobs);
  WriteFile(path_, AsText(blobs.Seal()[0].bytes));
  packing_.on_unsendable = OnUnsendable::kSkip;
  const auto source = Open(NothingOf(shards_));
  const std::vector<OutgoingRecord> records = ReadAll(source.get());
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].data.size(), 1599U);
  EXPECT_EQ(source->counts().unsendable, 2U);
  EXPECT_THAT(source->counts().first_unsendable->message,
              HasSubstr("1601 bytes"));
}

// Read again, the directory might be a file, and all behind it have other
// numbers.
TEST_F(ArchiveSourceTest, AnInputThatFailsEndsTheRunIfNumbersMustLast) {
  MakeArchive(10, 10);
  for (const bool must_last : {false, true}) {
    packing_.numbers_must_last = must_last;
    Result<std::unique_ptr<ArchiveSource>> source =
        ArchiveSource::Open({directory_.path(), path_}, reading_, packing_,
                            shards_, NothingOf(shards_));
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

// What is cut off is so every time.
TEST_F(ArchiveSourceTest, ContentThatIsWrongDoesNotEndTheRun) {
  MakeArchive(10, 10);
  const std::string broken = directory_ / "broken";
  WriteFile(broken, "\x1f\x8b\x08");
  packing_.numbers_must_last = true;
  Result<std::unique_ptr<ArchiveSource>> source = ArchiveSource::Open(
      {broken, path_}, reading_, packing_, shards_, NothingOf(shards_));
  ASSERT_TRUE(source);
  EXPECT_EQ(Sent(ReadAll(source->get())).size(), 10U);
  EXPECT_EQ((*source)->report().input_errors.size(), 1U);
}

class DocumentSourceTest : public testing::Test {
 protected:
  // The data of all records of inputs with these contents.
  std::vector<std::string> Read(const std::vector<std::string>& contents) {
    std::vector<std::string> paths;
    for (const std::string& content : contents) {
      paths.push_back(directory_ / std::to_string(paths.size()));
      WriteFile(paths.back(), content);
    }
    if (done_.empty()) done_ = NothingOf(shards_);
    const auto source =
        DocumentSource::Open(paths, {}, options_, shards_, done_);
    EXPECT_TRUE(source);
    records_ = ReadAll(source->get(), &error_);
    counts_ = (*source)->counts();
    std::vector<std::string> data;
    for (const OutgoingRecord& record : records_) {
      data.emplace_back(AsText(record.data));
    }
    return data;
  }

  TemporaryDirectory directory_;
  std::vector<HashKeyRange> shards_ = EqualRanges(2);
  std::vector<Acknowledged> done_;
  DocumentOptions options_;
  std::vector<OutgoingRecord> records_;
  std::string error_;
  SourceCounts counts_;
};

TEST_F(DocumentSourceTest, ReadsDocumentsAsTheyAreWritten) {
  PutRecordsDocument document({.text = "s", .region = {}}, {});
  document.Add({.data = AsBytes("one"), .partition_key = "\"k"});
  document.Add({.data = {}, .partition_key = "k"});
  std::string lines(document.Line());
  document.Clear();
  document.Add({.data = AsBytes("three"),
                .partition_key = "k",
                .explicit_hash_key = "0"});
  lines += document.Line();
  EXPECT_THAT(Read({lines, "", "\n" + lines}),
              ElementsAre("one", "", "three", "one", "", "three"));
  EXPECT_EQ(error_, "");
  EXPECT_EQ(records_[0].partition_key, "\"k");
  EXPECT_EQ(records_[2].explicit_hash_key, "0");
  EXPECT_EQ(records_[2].shard, 0U);
}

TEST_F(DocumentSourceTest, ReadsADocumentOverManyLines) {
  EXPECT_THAT(Read({R"({
    "StreamARN": "whatever",
    "Records": [
      {"PartitionKey": "k", "Data": "eA==", "ExplicitHashKey": null}
    ]
  })"}),
              ElementsAre("x"));
  EXPECT_EQ(error_, "");
}

// Behind one over many lines comes the next input.
TEST_F(DocumentSourceTest, InputsAreReadByThemselves) {
  const std::string lines =
      "\n{\"Records\":\n [{\"PartitionKey\": \"k\", \"Data\": \"eA==\"}]}\n";
  EXPECT_THAT(Read({lines, "", lines, lines}), ElementsAre("x", "x", "x"));
  EXPECT_EQ(error_, "");
  EXPECT_THAT(Read({lines, lines + lines}), ElementsAre("x"));
  EXPECT_THAT(error_, HasSubstr("1: offset 1: is no request document"));
}

TEST_F(DocumentSourceTest, TakesCompressionOff) {
  const std::string good =
      R"({"Records": [{"PartitionKey": "k", "Data": "eA=="}]})";
  EXPECT_THAT(Read({oracle::Gzip(good + "\n" + good)}), ElementsAre("x", "x"));
  EXPECT_EQ(error_, "");
  std::string cut = oracle::Gzip(good + "\n" + good);
  cut.resize(cut.size() - 9);
  Read({cut});
  EXPECT_THAT(error_, HasSubstr("cut off"));
}

TEST_F(DocumentSourceTest, SaysWhereItIsNoDocument) {
  const std::string good =
      R"({"Records": [{"PartitionKey": "k", "Data": "eA=="}]})";
  for (
      const std::string bad :
      {"x", "[]", "{}", R"({"Records": 1})", R"({"Records": [1]})",
       R"({"Records": [{"Data": "eA=="}]})",
       R"({"Records": [{"PartitionKey": "k"}]})",
       R"({"Records": [{"PartitionKey": "k", "Data": "eA="}]})",
       R"({"Records": [{"PartitionKey": 1, "Data": "eA=="}]})",
       R"({"Records": [{"PartitionKey": "k", "Data": "", "ExplicitHashKey": 1}]})"}) {
    error_.clear();
    EXPECT_THAT(Read({good + "\n" + bad}), ElementsAre("x")) << bad;
    EXPECT_THAT(error_, HasSubstr("offset " + std::to_string(good.size() + 1)))
        << bad;
  }
}

TEST_F(DocumentSourceTest, SaysWhichRecordIsNone) {
  EXPECT_THAT(Read({R"({"Records": [{"PartitionKey": "k", "Data": "eA=="},
                                    {"PartitionKey": "k", "Data": "eA"}]})"}),
              IsEmpty());
  EXPECT_THAT(error_, HasSubstr("Records[1] lacks its Data"));
}

TEST_F(DocumentSourceTest, LeavesOutWhatWasSentAndWhatCannotBe) {
  options_.on_unsendable = OnUnsendable::kSkip;
  options_.limits.record_bytes = 4;
  shards_ = EqualRanges(1);
  done_ = NothingOf(shards_);
  done_[0].Add(1, 1);
  EXPECT_THAT(Read({R"({"Records": [
      {"PartitionKey": "k", "Data": "MDAw"},
      {"PartitionKey": "k", "Data": "MDAwMDAw"},
      {"PartitionKey": "", "Data": ""},
      {"PartitionKey": "k", "Data": "MTEx"},
      {"PartitionKey": "k", "Data": "MjIy"}]})"}),
              ElementsAre("000", "222"));
  EXPECT_EQ(counts_.unsendable, 2U);
  EXPECT_EQ(counts_.sent_before, 1U);
}

TEST_F(DocumentSourceTest, AnAbsentFileIsAnError) {
  WriteFile(directory_ / "good",
            R"({"Records": [{"PartitionKey": "k", "Data": "eA=="}]})");
  const auto source =
      DocumentSource::Open({directory_ / "absent", directory_ / "good"}, {}, {},
                           shards_, NothingOf(shards_));
  ASSERT_TRUE(source);
  std::string error;
  EXPECT_THAT(ReadAll(source->get(), &error), IsEmpty());
  EXPECT_THAT(error, HasSubstr("No such file"));
}

}  // namespace
}  // namespace thresh::kinesis
