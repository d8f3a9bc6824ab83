// Records made from the input through both aggregators, under limits and a
// shard map that the input also chooses: the bytes are equal to those of the
// reference on top of protobuf, the same records are refused, and the engine's
// reader returns the original records.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "oracle/engine_run.h"
#include "oracle/reference_aggregator.h"
#include "thresh/aggregator.h"
#include "thresh/kinesis_keys.h"
#include "thresh/shard_aggregator.h"

namespace {

using thresh::Bytes;
using thresh::NewUserRecord;
using thresh::oracle::ReferenceRecord;

// The reference's work is quadratic in the number of records.
constexpr size_t kMaxRecords = 64;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "aggregate_fuzzer: %s\n", what);
  std::abort();
}

// Takes small numbers and excerpts from the input; zeros and nothing after its
// end.
class Taker {
 public:
  explicit Taker(Bytes rest) : rest_(rest) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  uint8_t Number() {
    if (rest_.empty()) return 0;
    const uint8_t number = rest_[0];
    rest_ = rest_.subspan(1);
    return number;
  }
  std::string Excerpt(size_t size) {
    const Bytes excerpt = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(excerpt.size());
    return std::string(thresh::AsText(excerpt));
  }

 private:
  Bytes rest_;
};

// A new key, or that of an earlier record, sometimes made long.
std::string TakeKey(Taker* taker, const std::vector<ReferenceRecord>& earlier) {
  const uint8_t number = taker->Number();
  if (number % 2 == 1 && !earlier.empty()) {
    return *earlier[taker->Number() % earlier.size()].partition_key;
  }
  std::string key = taker->Excerpt(number / 16);
  if (number % 16 == 2) key.resize(key.size() + 120, 'k');
  return key;
}

// Data of a few bytes of the input, or enough to make blobs end near a limit.
std::string TakeData(uint64_t limit, Taker* taker) {
  const uint8_t number = taker->Number();
  std::string data = taker->Excerpt(number / 8);
  if (number % 8 == 1) data.resize(data.size() + taker->Number(), 'd');
  if (number % 8 == 2) data.resize(limit - 70 + taker->Number() / 2, 'd');
  return data;
}

// Values that producers have written as explicit hash keys, and values that are
// close to numbers; or any text.
std::string TakeHashKey(uint8_t kind, Taker* taker) {
  static const std::vector<std::string> kTexts = {
      "",
      "undefined",
      "-1",
      "+1",
      " 1",
      "007",
      "340282366920938463463374607431768211455",
      "340282366920938463463374607431768211456"};
  if (kind % 8 == 1) return kTexts[kind / 8U % kTexts.size()];
  return taker->Excerpt(kind / 8);
}

std::vector<ReferenceRecord> TakeRecords(uint64_t limit, Taker* taker) {
  std::vector<ReferenceRecord> records;
  while (!taker->done() && records.size() < kMaxRecords) {
    ReferenceRecord record;
    record.partition_key = TakeKey(taker, records);
    const uint8_t kind = taker->Number();
    if (kind % 4 == 0) record.explicit_hash_key = std::to_string(kind);
    if (kind % 4 == 1) record.explicit_hash_key = TakeHashKey(kind, taker);
    record.data = TakeData(limit, taker);
    records.push_back(std::move(record));
  }
  return records;
}

NewUserRecord ViewOf(const ReferenceRecord& record) {
  NewUserRecord view = {.partition_key = *record.partition_key,
                        .data = thresh::AsBytes(record.data)};
  if (record.explicit_hash_key) {
    view.explicit_hash_key = *record.explicit_hash_key;
  }
  return view;
}

void RequireReadBack(const std::vector<std::string>& blobs,
                     const thresh::oracle::ReferenceAggregation& expected) {
  for (size_t i = 0; i < blobs.size(); ++i) {
    thresh::Options options;
    options.container = thresh::ContainerKind::kBlobs;
    options.jobs = 1;
    const auto run = thresh::oracle::RunEngine(blobs[i], std::move(options));
    Require(run.rows.size() == 1, "a blob is not read back as one");
    Require(run.rows[0].user_records == expected.contents[i],
            "records come back changed");
  }
}

// The blobs of all records that are not refused, added many at a time.
std::vector<std::string> PackMany(const std::vector<ReferenceRecord>& records,
                                  const thresh::AggregatorOptions& options) {
  std::vector<NewUserRecord> views(records.size());
  std::ranges::transform(records, views.begin(), ViewOf);
  auto aggregator = thresh::Aggregator::Create(options);
  thresh::BlobBatch done;
  std::vector<std::string> blobs;
  const auto drain = [&] {
    for (const thresh::AggregatedBlob& blob : done.Seal()) {
      blobs.emplace_back(thresh::AsText(blob.bytes));
    }
    done.Clear();
  };
  for (std::span<const NewUserRecord> rest(views); !rest.empty();) {
    const auto added = aggregator->AddMany(rest, &done);
    rest = rest.subspan(added ? *added : 1);
    drain();
  }
  aggregator->Flush(&done);
  drain();
  return blobs;
}

// Either all of a blob's records have an effective hash key, or none has.
void RequireOneKind(const thresh::AggregatedBlob& blob) {
  const auto row = thresh::oracle::Judge(thresh::AsText(blob.bytes));
  for (const ReferenceRecord& record : row.user_records) {
    Require(thresh::oracle::HashKeyHex(record).empty() == blob.unplaced,
            "records of both kinds share a blob");
  }
}

void FuzzAggregator(const std::vector<ReferenceRecord>& records,
                    const thresh::AggregatorOptions& options) {
  auto aggregator = thresh::Aggregator::Create(options);
  Require(aggregator.has_value(), "good limits are refused");
  thresh::BlobBatch done;
  std::vector<size_t> refused;
  size_t sizes[2] = {0, 0};  // of the open blobs: of placed records, of others
  for (size_t i = 0; i < records.size(); ++i) {
    const NewUserRecord record = ViewOf(records[i]);
    const size_t predicted = aggregator->SizeWith(record);
    const bool unplaced = thresh::oracle::HashKeyHex(records[i]).empty();
    const auto added = aggregator->Add(record, &done);
    if (!added) {
      Require(added.error().code == thresh::ErrorCode::kTooLarge,
              "an error is not of size");
      refused.push_back(i);
    } else {
      sizes[unplaced ? 1 : 0] =
          *added ? thresh::BlobSizeAlone(record) : predicted;
    }
    Require(aggregator->size() == sizes[0] + sizes[1],
            "a size was predicted wrong");
    // Sealed blobs do not change when more records are added.
    if (i % 5 == 0) static_cast<void>(done.Seal());
  }
  aggregator->Flush(&done);
  std::vector<std::string> blobs;
  for (const thresh::AggregatedBlob& blob : done.Seal()) {
    blobs.emplace_back(thresh::AsText(blob.bytes));
    RequireOneKind(blob);
  }
  const auto expected = thresh::oracle::Aggregate(
      records, options.max_blob_bytes, options.max_blob_records);
  Require(refused == expected.refused, "the wrong records are refused");
  Require(blobs == expected.blobs, "not the bytes that protobuf writes");
  RequireReadBack(blobs, expected);
  Require(PackMany(records, options) == blobs,
          "many records are packed "
          "otherwise than one by one");
}

// Shards that begin at the hash keys of some records.
std::vector<thresh::HashKeyRange> MakeShards(
    const std::vector<ReferenceRecord>& records, size_t every) {
  std::vector<thresh::HashKey> starts = {{}};
  for (size_t i = 0; i < records.size(); i += every) {
    const NewUserRecord record = ViewOf(records[i]);
    starts.push_back(
        thresh::EffectiveHashKey(record.partition_key, record.explicit_hash_key)
            .value_or(thresh::HashKey{}));
  }
  std::ranges::sort(starts);
  starts.erase(std::ranges::unique(starts).begin(), starts.end());
  std::vector<thresh::HashKeyRange> shards;
  for (size_t i = 0; i < starts.size(); ++i) {
    thresh::HashKey last = {UINT64_MAX, UINT64_MAX};
    if (i + 1 < starts.size()) {
      last = starts[i + 1];
      if (last.low-- == 0) --last.high;
    }
    shards.push_back({std::to_string(i), starts[i], last});
  }
  return shards;
}

void FuzzShards(const std::vector<ReferenceRecord>& records,
                const thresh::AggregatorOptions& options, size_t every) {
  const auto shards = MakeShards(records, every);
  auto aggregator = thresh::ShardAggregator::Create(options, shards);
  Require(aggregator.has_value(), "a good shard map is refused");
  thresh::BlobBatch done;
  std::vector<std::vector<ReferenceRecord>> of_shard(shards.size());
  for (const ReferenceRecord& record : records) {
    const NewUserRecord view = ViewOf(record);
    auto hash_key =
        thresh::EffectiveHashKey(view.partition_key, view.explicit_hash_key);
    Require(hash_key.has_value() != thresh::oracle::HashKeyHex(record).empty(),
            "a hash key is taken for one that is none");
    if (!hash_key) {
      hash_key = thresh::EffectiveHashKey(view.partition_key, std::nullopt);
    }
    static_cast<void>(aggregator->Add(view, &done));
    const auto shard = std::ranges::find_if(shards, [&](const auto& range) {
      return range.first <= *hash_key && *hash_key <= range.last;
    });
    of_shard[static_cast<size_t>(shard - shards.begin())].push_back(record);
  }
  aggregator->Flush(&done);
  std::vector<std::vector<std::string>> blobs(shards.size());
  for (const thresh::AggregatedBlob& blob : done.Seal()) {
    const thresh::HashKeyRange& shard = shards.at(blob.shard);
    Require(shard.first <= blob.hash_key && blob.hash_key <= shard.last,
            "a blob lands on another shard");
    Require(thresh::CheckPartitionKey(blob.partition_key).has_value(),
            "an outer partition key that Kinesis refuses");
    RequireOneKind(blob);
    blobs[blob.shard].emplace_back(thresh::AsText(blob.bytes));
  }
  for (size_t i = 0; i < shards.size(); ++i) {
    const auto expected = thresh::oracle::Aggregate(
        of_shard[i], options.max_blob_bytes, options.max_blob_records);
    Require(blobs[i] == expected.blobs, "a shard's blobs differ");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Taker taker(Bytes(data, size));
  const thresh::AggregatorOptions options = {
      .max_blob_bytes = thresh::kMinBlobLimit + taker.Number(),
      .max_blob_records = taker.Number() % 16U};
  const size_t every = 1 + taker.Number() % 16;
  const auto records = TakeRecords(options.max_blob_bytes, &taker);
  FuzzAggregator(records, options);
  FuzzShards(records, options, every);
  return 0;
}
