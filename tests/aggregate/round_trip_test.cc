// Generated records, through the Aggregator and back: the engine's reader and
// protobuf's return the same records, and every byte is equal to the reference
// aggregator's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "aggregate/packing.h"
#include "oracle/engine_run.h"

namespace thresh {
namespace {

using oracle::ReferenceRecord;

// The blobs that the Aggregator makes of `records`, and the records it refuses.
// Batches are drained when they hold `batch` blobs.
oracle::ReferenceAggregation Pack(const std::vector<ReferenceRecord>& records,
                                  const AggregatorOptions& options,
                                  size_t batch) {
  oracle::ReferenceAggregation packed;
  Aggregator aggregator = Aggregator::Create(options).value();
  BlobBatch done;
  struct OpenOne {
    size_t records = 0;
    size_t size = 0;
  };
  OpenOne open[2];  // of placed records, of others
  for (size_t i = 0; i < records.size(); ++i) {
    const NewUserRecord record = ViewOf(records[i]);
    const size_t predicted = aggregator.SizeWith(record);
    const Result<bool> added = aggregator.Add(record, &done);
    OpenOne& one = open[oracle::HashKeyHex(records[i]).empty() ? 1 : 0];
    if (!added) {
      packed.refused.push_back(i);
    } else {
      one = {*added ? 1 : one.records + 1,
             *added ? BlobSizeAlone(record) : predicted};
    }
    EXPECT_EQ(aggregator.size(), open[0].size + open[1].size);
    EXPECT_EQ(aggregator.records(), open[0].records + open[1].records);
    if (done.size() >= batch) Drain(&done, &packed.blobs);
  }
  aggregator.Flush(&done);
  Drain(&done, &packed.blobs);
  return packed;
}

// The same with AddMany, on random prefixes of the remaining records.
oracle::ReferenceAggregation PackMany(
    const std::vector<ReferenceRecord>& records,
    const AggregatorOptions& options, oracle::Random* random) {
  oracle::ReferenceAggregation packed;
  std::vector<NewUserRecord> views;
  for (const ReferenceRecord& record : records) {
    views.push_back(ViewOf(record));
  }
  Aggregator aggregator = Aggregator::Create(options).value();
  BlobBatch done;
  for (std::span<const NewUserRecord> rest(views); !rest.empty();) {
    const auto some = rest.first(1 + random->Below(rest.size()));
    const Result<size_t> added = aggregator.AddMany(some, &done);
    if (!added) {
      EXPECT_EQ(added.error().code, ErrorCode::kTooLarge);
      packed.refused.push_back(views.size() - rest.size());
    } else if (*added < some.size() && !done.full()) {
      // It stopped before a record that it refuses.
      EXPECT_GT(BlobSizeAlone(some[*added]), options.max_blob_bytes);
    }
    rest = rest.subspan(added ? *added : 1);
    if (done.full()) Drain(&done, &packed.blobs);
  }
  aggregator.Flush(&done);
  Drain(&done, &packed.blobs);
  return packed;
}

// Deaggregates with protobuf's parser, one blob at a time.
std::vector<std::vector<ReferenceRecord>> Unpack(
    const std::vector<std::string>& blobs) {
  std::vector<std::vector<ReferenceRecord>> contents;
  for (const std::string& blob : blobs) {
    contents.push_back(oracle::Judge(blob).user_records);
  }
  return contents;
}

// Deaggregates with the engine, all blobs back to back.
std::vector<std::vector<ReferenceRecord>> UnpackByEngine(
    const std::vector<std::string>& blobs) {
  Options options;
  options.container = ContainerKind::kBlobs;
  options.jobs = 1;
  std::vector<std::vector<ReferenceRecord>> contents;
  const oracle::EngineRun run =
      oracle::RunEngine(oracle::Join(blobs), std::move(options));
  for (const oracle::ReferenceRow& row : run.rows) {
    contents.push_back(row.user_records);
  }
  return contents;
}

void RoundTrip(const std::vector<ReferenceRecord>& records,
               const AggregatorOptions& options, size_t batch) {
  const oracle::ReferenceAggregation expected = oracle::Aggregate(
      records, options.max_blob_bytes, options.max_blob_records);
  const oracle::ReferenceAggregation packed = Pack(records, options, batch);
  ASSERT_EQ(packed.refused, expected.refused);
  ASSERT_TRUE(packed.blobs == expected.blobs);
  oracle::Random random(records.size());
  const oracle::ReferenceAggregation many = PackMany(records, options, &random);
  ASSERT_EQ(many.refused, expected.refused);
  ASSERT_TRUE(many.blobs == expected.blobs);
  ASSERT_TRUE(Unpack(packed.blobs) == expected.contents);
  ASSERT_TRUE(UnpackByEngine(packed.blobs) == expected.contents);
}

TEST(RoundTrip, OfRecordsOfAllKinds) {
  oracle::Random random(1);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    const Mix mix = {.records = 1 + random.Below(80),
                     .keys = 1 + random.Below(100),
                     .max_key_size = random.Below(300),
                     .max_data_size = random.Below(1500),
                     .hash_keys = random.Below(3) != 0};
    RoundTrip(MakeRecords(mix, &random),
              {.max_blob_bytes = kMinBlobLimit + random.Below(3000),
               .max_blob_records = random.Below(2) * (1 + random.Below(9))},
              1 + random.Below(40));
  }
}

TEST(RoundTrip, OfManyKeys) {
  oracle::Random random(2);
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE(round);
    const Mix mix = {.records = 900,
                     .keys = 5000,
                     .max_key_size = 10,
                     .max_data_size = 20,
                     .hash_keys = true};
    RoundTrip(MakeRecords(mix, &random),
              {.max_blob_bytes = 8000 + random.Below(3000)}, 3);
  }
}

// Blobs whose key tables are alternately longer and shorter than those of the
// previous blob, for which space was reserved.
TEST(RoundTrip, OfTablesThatComeAndGo) {
  std::vector<ReferenceRecord> records;
  for (size_t i = 0; i < 400; ++i) {
    const bool long_keys = i / 40 % 2 == 0;
    records.push_back(MakeRecord(
        std::string(long_keys ? 200 : 0, 'k') + std::to_string(i % 97), "x"));
  }
  RoundTrip(records, {.max_blob_bytes = 2000}, 2);
}

TEST(RoundTrip, OfLargeRecords) {
  oracle::Random random(3);
  std::vector<ReferenceRecord> records;
  for (int i = 0; i < 12; ++i) {
    records.push_back(MakeRecord("key-" + std::to_string(i % 3),
                                 random.Bytes(random.Below(700'000))));
  }
  records.push_back(MakeRecord("key", random.Bytes((1 << 20) + 1)));
  RoundTrip(records, {}, 4);
  RoundTrip(records, {.max_blob_bytes = kMaxBlobLimit}, 4);
}

}  // namespace
}  // namespace thresh
