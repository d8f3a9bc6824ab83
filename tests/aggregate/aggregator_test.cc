// The Aggregator's contract: exact limits, errors without data loss, batches,
// and the keys that the outer record is sent with.
#include "thresh/aggregator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/packing.h"
#include "sanitized.h"

namespace thresh {
namespace {

using oracle::ReferenceRecord;
using testing::HasSubstr;

Aggregator Make(const AggregatorOptions& options) {
  return Aggregator::Create(options).value();
}

std::string Flushed(Aggregator* aggregator) {
  BlobBatch done;
  std::vector<std::string> blobs;
  EXPECT_TRUE(aggregator->Flush(&done));
  Drain(&done, &blobs);
  return blobs.at(0);
}

TEST(Aggregator, RefusesLimitsThatKinesisDoesNotHave) {
  for (const uint64_t limit :
       {uint64_t{0}, kMinBlobLimit - 1, kMaxBlobLimit + 1, UINT64_MAX}) {
    const auto blobs = Aggregator::Create({.max_blob_bytes = limit});
    ASSERT_FALSE(blobs);
    EXPECT_EQ(blobs.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(blobs.error().ToString(),
                AllOf(HasSubstr(std::to_string(limit)), HasSubstr("10485760")));
    EXPECT_FALSE(Aggregator::Create({.max_plain_bytes = limit}));
  }
  for (const uint64_t limit : {kMinBlobLimit, kKplBlobLimit, kMaxBlobLimit}) {
    EXPECT_TRUE(Aggregator::Create(
        {.max_blob_bytes = limit, .max_plain_bytes = limit}));
  }
}

// One record, after a short one that must not be lost, for sizes of blobs
// around the limit: from 20 bytes below.
void TryBand(size_t limit, size_t key_size) {
  Aggregator aggregator = Make({.max_blob_bytes = limit});
  const std::vector<ReferenceRecord> before = {MakeRecord("before", "data")};
  const std::string key(key_size, 'k');
  BlobBatch done;
  for (size_t size = limit - key_size - 90; size < limit - key_size + 10;
       ++size) {
    const ReferenceRecord record = MakeRecord(key, std::string(size, 'x'));
    const std::string alone = oracle::BlobOf({&record, 1});
    ASSERT_EQ(BlobSizeAlone(ViewOf(record)), alone.size());
    ASSERT_EQ(aggregator.Add(ViewOf(before[0]), &done), false);

    const std::vector<ReferenceRecord> both = {before[0], record};
    const std::string together = oracle::BlobOf(both);
    ASSERT_EQ(aggregator.SizeWith(ViewOf(record)), together.size());
    const Result<bool> added = aggregator.Add(ViewOf(record), &done);
    if (together.size() <= limit) {
      ASSERT_EQ(added, false);
      ASSERT_TRUE(Flushed(&aggregator) == together);
      ASSERT_TRUE(done.empty());
    } else if (alone.size() <= limit) {
      ASSERT_EQ(added, true);
      ASSERT_TRUE(Flushed(&aggregator) == alone);
      ASSERT_EQ(AsText(done.Seal().front().bytes), oracle::BlobOf(before));
    } else {
      ASSERT_FALSE(added);
      EXPECT_EQ(added.error().code, ErrorCode::kTooLarge);
      EXPECT_THAT(added.error().ToString(),
                  AllOf(HasSubstr(" " + std::to_string(alone.size()) + " "),
                        HasSubstr(std::to_string(limit))));
      // Nothing is lost, and more records can be added.
      ASSERT_TRUE(done.empty());
      ASSERT_EQ(aggregator.records(), 1U);
      ASSERT_EQ(aggregator.Add(ViewOf(before[0]), &done), false);
      ASSERT_TRUE(Flushed(&aggregator) ==
                  oracle::BlobOf(std::vector{before[0], before[0]}));
    }
    done.Clear();
  }
}

TEST(Aggregator, LimitHoldsToTheByteForEverySizeAroundIt) {
  // Lengths of keys just below and above where their varints grow.
  for (const size_t key_size :
       {0U, 1U, 2U, 17U, 126U, 127U, 128U, 129U, 255U, 256U}) {
    for (const size_t limit : {1024U, 1025U, 4096U, 51200U}) {
      SCOPED_TRACE(testing::Message() << limit << " with key " << key_size);
      TryBand(limit, key_size);
    }
  }
}

// The lengths of a record and of its data grow by a byte each, so that two blob
// sizes cannot occur.
TEST(Aggregator, LimitHoldsWhereLengthsGrow) {
  for (size_t limit = 16384; limit < 16384 + 70; limit += kRoundStep) {
    SCOPED_TRACE(limit);
    TryBand(limit, 16);
  }
  // A hundred blobs of 2 MiB, each built four times.
  if (!kSanitized) TryBand((2 << 20) + 46, 16);
}

TEST(Aggregator, LimitHoldsWhereIndicesGrow) {
  std::vector<ReferenceRecord> records;
  for (size_t i = 0; i < 130; ++i) {
    records.push_back(MakeRecord(std::to_string(i), "x"));
    records.back().explicit_hash_key = std::to_string(i);
  }
  // Every limit at which the blob may end between the 120th record and the
  // last.
  const size_t first = oracle::BlobOf(std::span(records).first(120)).size();
  const size_t last = oracle::BlobOf(records).size();
  ASSERT_GT(first, kMinBlobLimit);
  for (size_t limit = first; limit <= last; limit += kRoundStep) {
    SCOPED_TRACE(limit);
    Aggregator aggregator = Make({.max_blob_bytes = limit});
    BlobBatch done;
    std::vector<std::string> blobs;
    for (const ReferenceRecord& record : records) {
      ASSERT_TRUE(aggregator.Add(ViewOf(record), &done));
    }
    aggregator.Flush(&done);
    Drain(&done, &blobs);
    ASSERT_TRUE(blobs == oracle::Aggregate(records, limit, 0).blobs);
  }
}

TEST(Aggregator, LimitsRecordsOfABlob) {
  for (const uint64_t limit : {1U, 2U, 7U}) {
    Aggregator aggregator = Make({.max_blob_records = limit});
    BlobBatch done;
    for (int i = 0; i < 42; ++i) {
      const auto added = aggregator.Add({"key", AsBytes("data")}, &done);
      ASSERT_TRUE(added);
      EXPECT_EQ(*added, i > 0 && static_cast<uint64_t>(i) % limit == 0);
    }
    EXPECT_EQ(done.size(), 42 / limit - 1);
    EXPECT_EQ(aggregator.records(), limit);
  }
}

TEST(Aggregator, TellsWhetherARecordFitsPlain) {
  const Aggregator aggregator =
      Make({.max_blob_bytes = 1024, .max_plain_bytes = 2000});
  const auto fits = [&](size_t key, size_t data) {
    const std::string key_bytes(key, 'k');
    const std::string data_bytes(data, 'd');
    return aggregator.FitsPlain({key_bytes, AsBytes(data_bytes)});
  };
  EXPECT_TRUE(fits(10, 1990));
  EXPECT_FALSE(fits(11, 1990));
  EXPECT_FALSE(fits(10, 1991));
  EXPECT_FALSE(fits(0, 2001));
  EXPECT_FALSE(fits(2001, 0));
}

TEST(Aggregator, ErrorSaysWhatCanBeDone) {
  Aggregator aggregator =
      Make({.max_blob_bytes = 1024, .max_plain_bytes = 2000});
  BlobBatch done;
  const auto remedy = [&](size_t size) {
    const std::string data(size, 'd');
    return aggregator.Add({"k", AsBytes(data)}, &done).error().remedy;
  };
  EXPECT_THAT(remedy(1900), AllOf(HasSubstr("of its own"), HasSubstr("raise")));
  EXPECT_THAT(remedy(2100), AllOf(HasSubstr("split"), HasSubstr("raise")));
  EXPECT_THAT(remedy(11 << 20), Not(HasSubstr("raise")));
}

TEST(Aggregator, EmptyAndNoExplicitHashKeyAreDifferent) {
  Aggregator aggregator = Make({});
  BlobBatch done;
  ReferenceRecord with_empty = MakeRecord("", "");
  with_empty.explicit_hash_key = "";
  const std::vector<ReferenceRecord> records = {MakeRecord("", ""), with_empty};
  for (const ReferenceRecord& record : records) {
    ASSERT_TRUE(aggregator.Add(ViewOf(record), &done));
  }
  EXPECT_EQ(aggregator.Flush(&done), 2U);
  std::vector<std::string> blobs;
  Drain(&done, &blobs);
  EXPECT_EQ(blobs, (std::vector{oracle::BlobOf({&records[0], 1}),
                                oracle::BlobOf({&records[1], 1})}));
}

TEST(Aggregator, IsEmptyAtFirstAndAfterFlush) {
  Aggregator aggregator = Make({});
  BlobBatch done;
  EXPECT_EQ(aggregator.size(), 0U);
  EXPECT_FALSE(aggregator.Flush(&done));
  ASSERT_TRUE(aggregator.Add({"k", AsBytes("d")}, &done));
  EXPECT_EQ(aggregator.records(), 1U);
  EXPECT_EQ(aggregator.size(), 20U + 3U + 7U);
  EXPECT_TRUE(aggregator.Flush(&done));
  EXPECT_EQ(aggregator.records(), 0U);
  EXPECT_EQ(aggregator.size(), 0U);
  EXPECT_FALSE(aggregator.Flush(&done));
  EXPECT_EQ(done.size(), 1U);
}

TEST(Aggregator, AddsManyUntilTheBatchIsFull) {
  Aggregator aggregator = Make({.max_blob_records = 2});
  const std::vector<NewUserRecord> records(1000, {"key", AsBytes("data")});
  BlobBatch done;
  const size_t added = aggregator.AddMany(records, &done).value();
  EXPECT_LT(added, records.size());
  EXPECT_TRUE(done.full());
  // The last record that was added finished the blob that made the batch full.
  EXPECT_EQ(added, 2 * done.size() + 1);
  EXPECT_EQ(aggregator.records(), 1U);
  EXPECT_EQ(aggregator.AddMany({}, &done), 0U);
}

TEST(Aggregator, AddsManyInFrontOfOneThatIsRefused) {
  Aggregator aggregator = Make({.max_blob_bytes = kMinBlobLimit});
  const std::string large(kMinBlobLimit, 'x');
  const std::vector<NewUserRecord> records = {{"key", AsBytes("1")},
                                              {"key", AsBytes("2")},
                                              {"key", AsBytes(large)},
                                              {"key", AsBytes("3")}};
  BlobBatch done;
  EXPECT_EQ(aggregator.AddMany(records, &done), 2U);
  const std::span rest = std::span(records).subspan(2);
  const Result<size_t> refused = aggregator.AddMany(rest, &done);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(aggregator.records(), 2U);
  EXPECT_EQ(aggregator.AddMany(rest.subspan(1), &done), 1U);
  EXPECT_EQ(aggregator.records(), 3U);
  EXPECT_TRUE(done.empty());
}

TEST(Aggregator, CanBeMoved) {
  Aggregator aggregator = Make({});
  BlobBatch done;
  ASSERT_TRUE(aggregator.Add({"k", AsBytes("d")}, &done));
  Aggregator moved = std::move(aggregator);
  EXPECT_EQ(moved.records(), 1U);
  aggregator = std::move(moved);
  EXPECT_EQ(Flushed(&aggregator).size(), 20U + 3U + 7U);
}

}  // namespace
}  // namespace thresh
