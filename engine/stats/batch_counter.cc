// Only what must be is counted row by row; work that depends on the key is done
// once for each distinct key of a stretch, the MD5 of all of them in lanes.
#include "stats/batch_counter.h"

#include <algorithm>
#include <bit>
#include <span>

#include "digest/hash_key_of.h"
#include "digest/keyed_hash.h"
#include "digest/md5_lanes.h"
#include "digest/same_key.h"

namespace thresh {
namespace {

constexpr uint64_t kPayloadUnit = 25 << 10;

uint64_t PayloadUnits(uint64_t bytes) {
  return bytes <= kPayloadUnit ? 1 : (bytes + kPayloadUnit - 1) / kPayloadUnit;
}

bool SameStretch(const KinesisRecord& a, const KinesisRecord& b) {
  return a.source == b.source &&
         a.offset / kStretchBytes == b.offset / kStretchBytes;
}

uint64_t SizeOfAll(const Column<Bytes>& keys) {
  uint64_t size = 0;
  for (const Bytes key : keys) size += key.size();
  return size;
}

}  // namespace

void BatchCounter::Count(const Batch& batch, WindowCounts* out) {
  batch_ = &batch;
  out_ = out;
  keys_.assign(columns().partition_keys.size(), {});
  own_key_bytes_ = 0;
  out->shards.resize(shards_.size());
  ReadExplicitHashKeys();
  const KinesisRecord* previous = nullptr;
  for (const KinesisRecord& record : batch_->kinesis_records) {
    if (previous != nullptr && !SameStretch(*previous, record)) {
      EndStretch(*previous);
    }
    CountKinesisRecord(record);
    previous = &record;
  }
  if (previous != nullptr) EndStretch(*previous);
  CountTables();
}

void BatchCounter::ReadExplicitHashKeys() {
  explicit_hash_keys_.clear();
  explicit_hash_keys_.reserve(columns().explicit_hash_keys.size());
  for (const Bytes key : columns().explicit_hash_keys) {
    explicit_hash_keys_.push_back(ParseHashKey(AsText(key)));
  }
}

void BatchCounter::CountKinesisRecord(const KinesisRecord& record) {
  StatsCounts* const counts = this->counts();
  ++counts->verdicts[static_cast<size_t>(record.verdict)];
  const bool aggregated = record.verdict == Verdict::kAggregated;
  if (aggregated || record.verdict == Verdict::kEmptyAggregate) {
    counts->records_per_aggregate.Add(record.user_record_count);
    counts->aggregate_bytes.Add(record.bytes.size());
    counts->payload_units += PayloadUnits(record.bytes.size());
  }
  const uint64_t bytes = CountRows(record);
  if (aggregated) {
    counts->aggregated_records += record.user_record_count;
    counts->aggregated_data_bytes += bytes;
  }
  if (record.user_record_count == 0) return;

  const KinesisMetadata metadata = batch_->MetadataOf(record);
  if (metadata.arrival_time.has_value()) {
    counts->arrivals.Add(*metadata.arrival_time, record.user_record_count);
  } else {
    counts->without_arrival += record.user_record_count;
  }
  if (metadata.shard_id.has_value() &&
      metadata.shard_id->size() <= TopKeys::kLongestKey) {
    const Bytes id = *metadata.shard_id;
    if (shard_ids_.empty() || !std::ranges::equal(shard_ids_.back().key, id)) {
      shard_ids_.push_back(
          {.key = id, .hash = KeyedHash64(id), .hash_key = {}, .tally = {}});
    }
    shard_ids_.back().tally.records += record.user_record_count;
    shard_ids_.back().tally.bytes += bytes;
  }
}

// Counts the user records of `record` and returns their bytes of data.
uint64_t BatchCounter::CountRows(const KinesisRecord& record) {
  StatsCounts* const counts = this->counts();
  const uint64_t begin = record.first_user_record;
  const uint64_t end = begin + record.user_record_count;
  const std::span sizes(columns().data_size.data() + begin, end - begin);
  const uint64_t bytes_before = counts->data_bytes.sum();
  counts->data_bytes.AddAll(sizes);
  const bool aggregated = record.verdict == Verdict::kAggregated;
  if (aggregated) {
    uint64_t units = 0;
    for (const uint32_t size : sizes) units += PayloadUnits(size);
    counts->payload_units_unpacked += units;
  }
  if (aggregated && explicit_hash_keys_.empty()) {
    CountKeysOf(begin, end);
  } else {
    for (uint64_t row = begin; row < end; ++row) CountRow(row, aggregated);
  }
  return counts->data_bytes.sum() - bytes_before;
}

// The same as CountRow for rows of an aggregate without explicit hash keys,
// which are nearly all: each is placed by its partition key. In archives these
// rows always have a key; in a caller's batch they may not.
void BatchCounter::CountKeysOf(uint64_t begin, uint64_t end) {
  const uint32_t* const keys = columns().partition_key.data();
  const uint32_t* const sizes = columns().data_size.data();
  Tally* const tallies = keys_.data();
  for (uint64_t row = begin; row < end; ++row) {
    if (keys[row] == kNoKey) {
      CountRow(row, true);
      continue;
    }
    Tally& tally = tallies[keys[row]];
    if (tally.records++ == 0) touched_.push_back(keys[row]);
    tally.bytes += sizes[row];
  }
}

void BatchCounter::CountRow(uint64_t row, bool aggregated) {
  StatsCounts* const counts = this->counts();
  const uint64_t size = columns().data_size[row];
  const uint32_t key = columns().partition_key[row];
  const uint32_t explicit_key = columns().explicit_hash_key[row];
  if (!aggregated && key != kNoKey) {
    own_key_bytes_ += columns().partition_keys[key].size();
  }

  bool placed = false;
  if (explicit_key != kNoKey) {
    if (aggregated) {
      counts->key_bytes += columns().explicit_hash_keys[explicit_key].size();
    }
    const std::optional<HashKey>& hash_key = explicit_hash_keys_[explicit_key];
    placed = hash_key.has_value();
    if (placed) Place(*hash_key, 1, size);
    ++(placed ? counts->by_explicit_hash_key
              : counts->invalid_explicit_hash_keys);
  }
  if (key == kNoKey) {
    ++counts->keyless_records;
    if (!placed) ++counts->without_hash_key;
    return;
  }
  Tally& tally = keys_[key];
  if (tally.records++ == 0) touched_.push_back(key);
  tally.bytes += size;
  if (placed) {
    ++tally.records_placed;
    tally.bytes_placed += size;
  }
}

void BatchCounter::CountTables() {
  counts()->key_bytes -= own_key_bytes_;
  counts()->table_bytes += SizeOfAll(columns().partition_keys) +
                           SizeOfAll(columns().explicit_hash_keys) -
                           own_key_bytes_;
}

void BatchCounter::EndStretch(const KinesisRecord& last) {
  MergeTouchedKeys();
  FindHashKeys(&distinct_);
  FindHashKeys(&shard_ids_);
  PlaceDistinctKeys();
  Tell(KeyKind::kPartitionKey, last, distinct_);
  Tell(KeyKind::kShardId, last, shard_ids_);
  distinct_.clear();
  shard_ids_.clear();
}

void BatchCounter::MergeTouchedKeys() {
  places_.assign(std::bit_ceil(2 * touched_.size() + 1), 0);
  const size_t mask = places_.size() - 1;
  for (const uint32_t row : touched_) {
    const Bytes key = columns().partition_keys[row];
    const Tally tally = keys_[row];
    keys_[row] = {};
    counts()->key_bytes += tally.records * key.size();
    const uint64_t hash = KeyedHash64(key);
    size_t place = hash & mask;
    const auto is_key = [&](const DistinctKey& other) {
      return other.hash == hash && SameKey(other.key, key);
    };
    while (places_[place] != 0 && !is_key(distinct_[places_[place] - 1])) {
      place = (place + 1) & mask;
    }
    if (places_[place] == 0) {
      distinct_.push_back(
          {.key = key, .hash = hash, .hash_key = {}, .tally = {}});
      places_[place] = static_cast<uint32_t>(distinct_.size());
    }
    Tally& sum = distinct_[places_[place] - 1].tally;
    sum.records += tally.records;
    sum.bytes += tally.bytes;
    sum.records_placed += tally.records_placed;
    sum.bytes_placed += tally.bytes_placed;
  }
  touched_.clear();
}

void BatchCounter::FindHashKeys(std::vector<DistinctKey>* keys) {
  unknown_.clear();
  messages_.clear();
  for (DistinctKey& key : *keys) {
    if (const HashKey* known = hash_keys_.Find(key.hash, key.key)) {
      key.hash_key = *known;
    } else {
      unknown_.push_back(&key);
      messages_.push_back(key.key);
    }
  }
  if (messages_.empty()) return;
  digests_.resize(messages_.size());
  Md5Many(messages_, digests_);
  for (size_t i = 0; i < unknown_.size(); ++i) {
    DistinctKey* const key = unknown_[i];
    key->hash_key = HashKeyOf(digests_[i]);
    hash_keys_.Keep(key->hash, key->key, key->hash_key);
  }
}

void BatchCounter::PlaceDistinctKeys() {
  for (const DistinctKey& key : distinct_) {
    if (key.tally.records == key.tally.records_placed) continue;
    Place(key.hash_key, key.tally.records - key.tally.records_placed,
          key.tally.bytes - key.tally.bytes_placed);
  }
}

void BatchCounter::Place(HashKey key, uint64_t records, uint64_t bytes) {
  counts()->hash_space[key.high >> 54] += records;
  const std::optional<size_t> shard = shards_.Find(key);
  if (!shard.has_value()) {
    counts()->outside_shards += records;
    return;
  }
  ShardTally& tally = out_->shards[*shard];
  tally.records += records;
  tally.bytes += bytes;
}

void BatchCounter::Tell(KeyKind kind, const KinesisRecord& last,
                        const std::vector<DistinctKey>& keys) {
  if (keys.empty()) return;
  const size_t before = out_->tallies.size();
  for (const DistinctKey& key : keys) {
    if (key.key.size() > TopKeys::kLongestKey) {
      counts()->long_key_records += key.tally.records;
      counts()->long_key_bytes += key.tally.bytes;
      continue;
    }
    out_->AppendTally({.hash = key.hash,
                       .hash_key = key.hash_key,
                       .records = key.tally.records,
                       .bytes = key.tally.bytes,
                       .size = key.key.size()},
                      key.key);
  }
  out_->groups.Append({.kind = kind,
                       .source = last.source,
                       .stretch = last.offset / kStretchBytes,
                       .tallies = out_->tallies.size() - before});
}

}  // namespace thresh
