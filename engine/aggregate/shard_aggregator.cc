// See shard_aggregator.h.
#include "thresh/shard_aggregator.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "aggregate/blob_filler.h"
#include "base/errors.h"
#include "base/printable.h"
#include "base/shard_ranges.h"
#include "digest/hash_key_cache.h"
#include "digest/hash_key_of.h"
#include "digest/md5.h"
#include "record/shard_finder.h"

namespace thresh {
namespace {

constexpr HashKey kLastHashKey = {.high = UINT64_MAX, .low = UINT64_MAX};

tl::unexpected<Error> WrongMap(std::string message) {
  return tl::unexpected(InvalidArgument(
      std::move(message), "give the open shards of one stream, all of them"));
}

HashKey After(HashKey key) {
  return {.high = key.high + (key.low == UINT64_MAX ? 1 : 0),
          .low = key.low + 1};
}

}  // namespace

Result<void> CheckShards(const std::vector<HashKeyRange>& shards) {
  if (shards.empty()) return WrongMap("no shards");
  if (shards.size() >= std::numeric_limits<uint32_t>::max()) {
    return WrongMap(std::to_string(shards.size()) + " shards");
  }
  if (std::optional<std::string> problem = ProblemOfShardRanges(shards)) {
    return WrongMap(*std::move(problem));
  }
  HashKey expected;
  for (const HashKeyRange& shard : shards) {
    if (shard.first != expected) {
      return WrongMap("no shard contains the hash keys from " +
                      HashKeyText(expected) + " to where shard " +
                      Printable(shard.name) + " starts");
    }
    expected = After(shard.last);
  }
  if (shards.back().last != kLastHashKey) {
    return WrongMap("no shard contains the hash keys from " +
                    HashKeyText(expected) + " on");
  }
  return {};
}

size_t FindShard(const std::vector<HashKeyRange>& shards, HashKey key) {
  const auto after =
      std::ranges::upper_bound(shards, key, {}, &HashKeyRange::first);
  return static_cast<size_t>(after - shards.begin()) - 1;
}

struct ShardAggregator::State {
  // Those of a shard, null until needed.
  struct Fillers {
    std::unique_ptr<BlobFiller> placed;
    std::unique_ptr<BlobFiller> unplaced;
  };

  State(const AggregatorOptions& options,
        const std::vector<HashKeyRange>& shards)
      : limits(options), finder(shards), fillers(shards.size()) {}

  HashKey HashOfPartitionKey(const HashedRecord& hashed);
  ShardPlace PlaceOf(const HashedRecord& hashed);
  Result<bool> AddAt(const ShardPlace& place, const HashedRecord& hashed,
                     BlobBatch* done);

  // Calls visit(filler) for all existing ones of a shard.
  template <typename Visit>
  static void ForEach(const Fillers& of_shard, Visit&& visit) {
    if (of_shard.placed != nullptr) visit(of_shard.placed.get());
    if (of_shard.unplaced != nullptr) visit(of_shard.unplaced.get());
  }

  AggregatorOptions limits;
  ShardFinder finder;
  HashKeyCache hash_keys;
  std::vector<Fillers> fillers;
};

HashKey ShardAggregator::State::HashOfPartitionKey(const HashedRecord& hashed) {
  const NewUserRecord& record = *hashed.record;
  const Bytes key = AsBytes(record.partition_key);
  if (const HashKey* known = hash_keys.Find(hashed.partition_key, key)) {
    return *known;
  }
  const HashKey hash_key = thresh::HashKeyOf(Md5(key));
  hash_keys.Keep(hashed.partition_key, key, hash_key);
  return hash_key;
}

ShardPlace ShardAggregator::State::PlaceOf(const HashedRecord& hashed) {
  const std::optional<std::string_view> text = hashed.record->explicit_hash_key;
  const std::optional<HashKey> given =
      text.has_value() ? ParseHashKey(*text) : std::nullopt;
  const HashKey hash_key =
      given.has_value() ? *given : HashOfPartitionKey(hashed);
  // The shards cover all hash keys.
  return {.hash_key = hash_key,
          .shard = *finder.Find(hash_key),
          .unplaced = text.has_value() && !given.has_value()};
}

Result<bool> ShardAggregator::State::AddAt(const ShardPlace& place,
                                           const HashedRecord& hashed,
                                           BlobBatch* done) {
  Fillers& of_shard = fillers[place.shard];
  std::unique_ptr<BlobFiller>& filler =
      place.unplaced ? of_shard.unplaced : of_shard.placed;
  if (filler == nullptr) {
    filler = std::make_unique<BlobFiller>(
        BlobTarget{.shard = static_cast<uint32_t>(place.shard),
                   .unplaced = place.unplaced});
  }
  return filler->Add(limits, hashed, place.hash_key, done);
}

Result<ShardAggregator> ShardAggregator::Create(
    const AggregatorOptions& options, const std::vector<HashKeyRange>& shards) {
  if (Result<void> ok = CheckAggregatorOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  if (Result<void> ok = CheckShards(shards); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  return ShardAggregator(std::make_unique<State>(options, shards));
}

ShardAggregator::ShardAggregator(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
ShardAggregator::~ShardAggregator() = default;
ShardAggregator::ShardAggregator(ShardAggregator&&) noexcept = default;
ShardAggregator& ShardAggregator::operator=(ShardAggregator&&) noexcept =
    default;

Result<bool> ShardAggregator::Add(const NewUserRecord& record,
                                  BlobBatch* done) {
  const HashedRecord hashed(record);
  return state_->AddAt(state_->PlaceOf(hashed), hashed, done);
}

ShardPlace ShardAggregator::PlaceOf(const NewUserRecord& record) {
  return state_->PlaceOf(HashedRecord(record));
}

Result<bool> ShardAggregator::AddAt(const ShardPlace& place,
                                    const NewUserRecord& record,
                                    BlobBatch* done) {
  return state_->AddAt(place, HashedRecord(record), done);
}

size_t ShardAggregator::Flush(BlobBatch* done) {
  size_t blobs = 0;
  for (size_t i = 0; i < state_->fillers.size(); ++i) {
    blobs += FlushShard(i, done);
  }
  return blobs;
}

size_t ShardAggregator::FlushShard(size_t shard, BlobBatch* done) {
  size_t blobs = 0;
  State::ForEach(state_->fillers[shard], [&](BlobFiller* filler) {
    blobs += filler->Flush(done) ? 1 : 0;
  });
  return blobs;
}

size_t ShardAggregator::records() const {
  size_t records = 0;
  for (const State::Fillers& of_shard : state_->fillers) {
    State::ForEach(of_shard, [&](const BlobFiller* filler) {
      records += filler->blob().records();
    });
  }
  return records;
}

size_t ShardAggregator::size() const {
  size_t bytes = 0;
  for (const State::Fillers& of_shard : state_->fillers) {
    State::ForEach(of_shard,
                   [&](const BlobFiller* filler) { bytes += filler->size(); });
  }
  return bytes;
}

bool ShardAggregator::FitsPlain(const NewUserRecord& record) const {
  return thresh::FitsPlain(state_->limits, record);
}

}  // namespace thresh
