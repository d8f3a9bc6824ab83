// See shard_aggregator.h.
#include "thresh/shard_aggregator.h"

#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "aggregate/blob_filler.h"
#include "digest/hash_key_cache.h"
#include "digest/hash_key_of.h"
#include "digest/md5.h"
#include "shards/shard_finder.h"
#include "text/printable.h"

namespace thresh {
namespace {

constexpr HashKey kLastHashKey = {.high = UINT64_MAX, .low = UINT64_MAX};

tl::unexpected<Error> Invalid(std::string message, std::string remedy) {
  return tl::unexpected(Error{.code = ErrorCode::kInvalidArgument,
                              .file = {},
                              .offset = {},
                              .message = std::move(message),
                              .remedy = std::move(remedy)});
}

tl::unexpected<Error> WrongMap(std::string message) {
  return Invalid(std::move(message),
                 "give the open shards of one stream, all of them");
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
  const auto named = [](const HashKeyRange& shard) {
    return "shard " + Printable(shard.name);
  };
  HashKey expected;
  for (size_t i = 0; i < shards.size(); ++i) {
    const HashKeyRange& shard = shards[i];
    if (shard.last < shard.first) {
      return WrongMap(named(shard) + " ends before it starts");
    }
    if (i > 0 && shard.first <= shards[i - 1].last) {
      return WrongMap(named(shards[i - 1]) + " and " + named(shard) +
                      " overlap or are out of order");
    }
    if (shard.first != expected) {
      return WrongMap("no shard has the hash keys from " +
                      HashKeyText(expected) + " to where " + named(shard) +
                      " starts");
    }
    expected = After(shard.last);
  }
  if (shards.back().last != kLastHashKey) {
    return WrongMap("no shard has the hash keys from " + HashKeyText(expected) +
                    " on");
  }
  return {};
}

struct ShardAggregator::State {
  State(const AggregatorOptions& options,
        const std::vector<HashKeyRange>& shards)
      : limits(options), finder(shards), fillers(shards.size()) {}

  std::optional<HashKey> HashKeyOfRecord(const HashedRecord& hashed);

  AggregatorOptions limits;
  ShardFinder finder;
  HashKeyCache hash_keys;
  std::vector<std::unique_ptr<BlobFiller>> fillers;  // null until needed
};

std::optional<HashKey> ShardAggregator::State::HashKeyOfRecord(
    const HashedRecord& hashed) {
  const NewUserRecord& record = *hashed.record;
  if (record.explicit_hash_key) return ParseHashKey(*record.explicit_hash_key);
  const Bytes key = AsBytes(record.partition_key);
  if (const HashKey* known = hash_keys.Find(hashed.partition_key, key)) {
    return *known;
  }
  const HashKey hash_key = thresh::HashKeyOf(Md5(key));
  hash_keys.Keep(hashed.partition_key, key, hash_key);
  return hash_key;
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
  const std::optional<HashKey> hash_key = state_->HashKeyOfRecord(hashed);
  const std::optional<size_t> shard =
      hash_key ? state_->finder.Find(*hash_key) : std::nullopt;
  if (!shard) {
    return Invalid("the explicit hash key '" +
                       Printable(*record.explicit_hash_key) +
                       "' lies on no shard",
                   "give a decimal integer below 2^128");
  }
  std::unique_ptr<BlobFiller>& filler = state_->fillers[*shard];
  if (filler == nullptr) {
    filler = std::make_unique<BlobFiller>(static_cast<uint32_t>(*shard));
  }
  return filler->Add(state_->limits, hashed, hash_key, done);
}

size_t ShardAggregator::Flush(BlobBatch* done) {
  size_t blobs = 0;
  for (size_t i = 0; i < state_->fillers.size(); ++i) {
    blobs += FlushShard(i, done) ? 1 : 0;
  }
  return blobs;
}

bool ShardAggregator::FlushShard(size_t shard, BlobBatch* done) {
  const std::unique_ptr<BlobFiller>& filler = state_->fillers[shard];
  return filler != nullptr && filler->Flush(done);
}

size_t ShardAggregator::records() const {
  size_t records = 0;
  for (const auto& filler : state_->fillers) {
    if (filler != nullptr) records += filler->blob().records();
  }
  return records;
}

size_t ShardAggregator::size() const {
  size_t bytes = 0;
  for (const auto& filler : state_->fillers) {
    if (filler != nullptr && filler->blob().records() > 0) {
      bytes += filler->blob().size();
    }
  }
  return bytes;
}

bool ShardAggregator::FitsPlain(const NewUserRecord& record) const {
  return thresh::FitsPlain(state_->limits, record);
}

}  // namespace thresh
