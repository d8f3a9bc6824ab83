// Conditions on keys are evaluated for each entry of the key tables, which many
// rows share; a row then looks up its verdicts.
#include "filter/record_filter.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "digest/hash_key_of.h"
#include "digest/keyed_hash.h"
#include "digest/md5.h"
#include "digest/md5_lanes.h"

namespace thresh {
namespace {

uint8_t VerdictOn(uint32_t id, const KeyVerdicts& verdicts) {
  static_assert(static_cast<uint32_t>(kNoKey + 1) == 0);
  return verdicts[static_cast<uint32_t>(id + 1)];
}

// The sample is the same for every run, so the hash is unkeyed: FORMAT.md.
bool InSample(Bytes bytes, uint64_t sample) {
  return XXH3_64bits(bytes.data(), bytes.size()) % sample == 0;
}

// Kinesis names shards by twelve digits.
std::string ShardOfNumber(const std::string& digits) {
  constexpr size_t kDigits = 12;
  const size_t zeros = kDigits - std::min(kDigits, digits.size());
  return "shardId-" + std::string(zeros, '0') + digits;
}

bool IsNumber(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> CheckValues(const Filter& filter) {
  Result<void> known = CheckEnum("hash_range_mode", filter.hash_range_mode,
                                 HashRangeMode::kAggregate);
  if (known) known = CheckEnum("dedupe", filter.dedupe, Dedupe::kContent);
  if (!known) return known;
  if (filter.sample == 0) {
    return tl::unexpected(
        InvalidArgument("a sample of one key of 0", "give 1 or more"));
  }
  if (filter.hash_range.has_value() &&
      filter.hash_range->last < filter.hash_range->first) {
    return tl::unexpected(InvalidArgument(
        "the hash range ends before it starts", "give the lower end first"));
  }
  if (filter.since.has_value() && filter.until.has_value() &&
      *filter.until <= *filter.since) {
    return tl::unexpected(
        InvalidArgument("there is no time between the two that were given",
                        "give an end after the start"));
  }
  if (filter.dedupe != Dedupe::kNone &&
      filter.dedupe_memory < kMinDedupeMemory) {
    return tl::unexpected(InvalidArgument(
        std::to_string(filter.dedupe_memory) + " bytes for deduplication",
        "give at least " + std::to_string(kMinDedupeMemory)));
  }
  return {};
}

}  // namespace

Result<RecordFilter> RecordFilter::Compile(const Filter& filter) {
  if (Result<void> ok = CheckValues(filter); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  Result<KeyMatcher> keys = KeyMatcher::Compile(filter);
  if (!keys) return tl::unexpected(std::move(keys.error()));
  RecordFilter compiled;
  compiled.keys_ = std::move(*keys);
  compiled.hash_range_ = filter.hash_range;
  compiled.hash_range_mode_ = filter.hash_range_mode;
  compiled.sample_ = filter.sample;
  for (const std::string& shard : filter.shards) {
    compiled.shards_.insert(shard);
    if (IsNumber(shard)) compiled.shards_.insert(ShardOfNumber(shard));
  }
  compiled.since_ = filter.since;
  compiled.until_ = filter.until;
  return compiled;
}

Fate RecordFilter::FateOf(const KinesisMetadata& metadata) const {
  Fate fate = Fate::kRead;
  if (!shards_.empty()) {
    if (!metadata.shard_id.has_value()) {
      fate = Fate::kSkipUnknown;
    } else if (!shards_.contains(std::string(AsText(*metadata.shard_id)))) {
      return Fate::kSkip;
    }
  }
  if (since_.has_value() || until_.has_value()) {
    const std::optional<int64_t>& time = metadata.arrival_time;
    if (!time.has_value()) {
      if (fate == Fate::kRead) {
        fate = metadata.unreadable_time ? Fate::kSkipUnreadable
                                        : Fate::kSkipUnknown;
      }
    } else if ((since_.has_value() && *time < *since_) ||
               (until_.has_value() && *time >= *until_)) {
      return Fate::kSkip;
    }
  }
  return fate;
}

// Without a key a row matches no condition on keys, and is sampled by its data
// in NarrowByKeys.
void RecordFilter::JudgeKeys(const BatchMark& from,
                             const UserRecordColumns& rows,
                             FilterScratch* scratch) const {
  scratch->keys.Resize(rows.partition_keys.size() + 1);
  scratch->keys[0] = keys_.empty() ? 1 : 0;
  for (size_t i = from.partition_keys; i < rows.partition_keys.size(); ++i) {
    const Bytes key = rows.partition_keys[i];
    const bool stays = (sample_ == 1 || InSample(key, sample_)) &&
                       (keys_.empty() || keys_.Matches(AsText(key)));
    scratch->keys[i + 1] = stays ? 1 : 0;
  }
}

void RecordFilter::NarrowByKeys(const BatchMark& from,
                                const UserRecordColumns& rows,
                                FilterScratch* scratch) const {
  JudgeKeys(from, rows, scratch);
  uint8_t* const stays = scratch->selection.data();
  for (size_t row = from.rows; row < rows.size(); ++row) {
    stays[row - from.rows] &= VerdictOn(rows.partition_key[row], scratch->keys);
  }
  if (sample_ == 1 || !keys_.empty()) return;
  for (size_t row = from.rows; row < rows.size(); ++row) {
    if (rows.partition_key[row] == kNoKey &&
        !InSample({rows.data[row], rows.data_size[row]}, sample_)) {
      stays[row - from.rows] = 0;
    }
  }
}

// Computes the digests of all new keys at once, so that the lanes are full. If
// few keys repeat, looking them up costs more than it saves.
void RecordFilter::JudgePartitionKeys(const BatchMark& from,
                                      const UserRecordColumns& rows,
                                      FilterScratch* scratch) const {
  constexpr size_t kWorthwhile = 4;  // one repeated key in this many
  constexpr unsigned kPause = 15;    // batches
  const bool looks = scratch->pause == 0;
  scratch->unknown.clear();
  scratch->messages.clear();
  scratch->inside.Resize(rows.partition_keys.size() + 1);
  scratch->inside[0] = 0;
  const auto judge = [this, scratch](size_t i, HashKey hash_key) {
    scratch->inside[i + 1] = hash_range_->Contains(hash_key) ? 1 : 0;
  };
  for (size_t i = from.partition_keys; i < rows.partition_keys.size(); ++i) {
    const Bytes key = rows.partition_keys[i];
    const uint64_t hash = looks ? KeyedHash64(key) : 0;
    const HashKey* const known =
        looks ? scratch->hash_keys.Find(hash, key) : nullptr;
    if (known != nullptr) {
      judge(i, *known);
    } else {
      scratch->unknown.push_back({i, hash});
      scratch->messages.push_back(key);
    }
  }
  scratch->digests.resize(scratch->messages.size());
  Md5Many(scratch->messages, scratch->digests);
  for (size_t i = 0; i < scratch->unknown.size(); ++i) {
    const auto& [row, hash] = scratch->unknown[i];
    const HashKey hash_key = HashKeyOf(scratch->digests[i]);
    if (looks) scratch->hash_keys.Keep(hash, scratch->messages[i], hash_key);
    judge(row, hash_key);
  }
  const size_t keys = rows.partition_keys.size() - from.partition_keys;
  const size_t found = keys - scratch->unknown.size();
  if (!looks) {
    --scratch->pause;
  } else if (found * kWorthwhile < keys) {
    scratch->pause = kPause;
  }
}

void RecordFilter::JudgeHashKeys(const BatchMark& from,
                                 const UserRecordColumns& rows,
                                 FilterScratch* scratch) const {
  JudgePartitionKeys(from, rows, scratch);
  scratch->explicit_inside.Resize(rows.explicit_hash_keys.size() + 1);
  for (size_t i = from.explicit_hash_keys; i < rows.explicit_hash_keys.size();
       ++i) {
    const std::optional<HashKey> hash_key =
        ParseHashKey(AsText(rows.explicit_hash_keys[i]));
    scratch->explicit_inside[i + 1] =
        hash_key.has_value() && hash_range_->Contains(*hash_key) ? 1 : 0;
  }
}

void RecordFilter::NarrowByHashKeys(const BatchMark& from, const Batch& batch,
                                    FilterScratch* scratch) const {
  const UserRecordColumns& rows = batch.user_records;
  JudgeHashKeys(from, rows, scratch);
  const auto is_inside = [&rows, scratch](size_t row) {
    return rows.explicit_hash_key[row] == kNoKey
               ? VerdictOn(rows.partition_key[row], scratch->inside)
               : VerdictOn(rows.explicit_hash_key[row],
                           scratch->explicit_inside);
  };
  uint8_t* const stays = scratch->selection.data();
  if (hash_range_mode_ == HashRangeMode::kRecord) {
    for (size_t row = from.rows; row < rows.size(); ++row) {
      stays[row - from.rows] &= is_inside(row);
    }
    return;
  }
  for (size_t i = from.kinesis_records; i < batch.kinesis_records.size(); ++i) {
    const KinesisRecord& record = batch.kinesis_records[i];
    const size_t first = record.first_user_record;
    const size_t end = first + record.user_record_count;
    uint8_t all = 1;
    for (size_t row = first; row < end; ++row) all &= is_inside(row);
    for (size_t row = first; row < end; ++row) stays[row - from.rows] &= all;
  }
}

void RecordFilter::Apply(const BatchMark& from, Batch* batch, Summary* summary,
                         FilterScratch* scratch) const {
  const UserRecordColumns& rows = batch->user_records;
  scratch->selection.Resize(rows.size() - from.rows);
  std::ranges::fill(scratch->selection, uint8_t{1});
  if (!keys_.empty() || sample_ > 1) NarrowByKeys(from, rows, scratch);
  if (hash_range_.has_value()) NarrowByHashKeys(from, *batch, scratch);
  KeepRows(scratch->selection, from, batch, summary);
}

}  // namespace thresh
