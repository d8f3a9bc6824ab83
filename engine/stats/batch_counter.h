// Counts batches into the counts of their windows: the part of the work that is
// done on all threads, with one counter per thread.
#ifndef THRESH_STATS_BATCH_COUNTER_H_
#define THRESH_STATS_BATCH_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "digest/hash_key_cache.h"
#include "digest/md5.h"
#include "record/shard_finder.h"
#include "stats/window_counts.h"
#include "thresh/batch.h"
#include "thresh/stats.h"

namespace thresh {

class BatchCounter {
 public:
  // `shards` must outlive the counter.
  explicit BatchCounter(const ShardFinder& shards) : shards_(shards) {}

  // Adds `batch` to `out`, which must only be used with counters of the same
  // shards.
  void Count(const Batch& batch, WindowCounts* out);

 private:
  // Totals over the rows of the stretch for a row of a key table.
  struct Tally {
    uint64_t records = 0;
    uint64_t bytes = 0;
    // Those of them with an explicit hash key, which are not placed by the
    // partition key.
    uint64_t records_placed = 0;
    uint64_t bytes_placed = 0;
  };
  // Equal keys of several tables.
  struct DistinctKey {
    Bytes key;
    uint64_t hash;     // KeyedHash64
    HashKey hash_key;  // known once the stretch has ended
    Tally tally;
  };

  void ReadExplicitHashKeys();
  void CountKinesisRecord(const KinesisRecord& record);
  uint64_t CountRows(const KinesisRecord& record);
  void CountRow(uint64_t row, bool aggregated);
  void CountKeysOf(uint64_t begin, uint64_t end);
  void CountTables();
  void EndStretch(const KinesisRecord& last);
  void MergeTouchedKeys();
  void FindHashKeys(std::vector<DistinctKey>* keys);
  void PlaceDistinctKeys();
  void Tell(KeyKind kind, const KinesisRecord& last,
            const std::vector<DistinctKey>& keys);
  void Place(HashKey key, uint64_t records, uint64_t bytes);
  StatsCounts* counts() { return &out_->counts; }

  [[nodiscard]] const UserRecordColumns& columns() const {
    return batch_->user_records;
  }

  const ShardFinder& shards_;
  HashKeyCache hash_keys_;

  // For the batch being counted; kept to reuse their memory.
  const Batch* batch_ = nullptr;
  WindowCounts* out_ = nullptr;
  std::vector<Tally> keys_;        // for each row of partition_keys
  std::vector<uint32_t> touched_;  // rows of keys_ that are not zero
  std::vector<DistinctKey> distinct_;
  std::vector<uint32_t> places_;  // open hash table: index in distinct_ + 1
  std::vector<std::optional<HashKey>> explicit_hash_keys_;
  std::vector<DistinctKey> shard_ids_;
  // Keys of single records that are not in an aggregate's table.
  uint64_t own_key_bytes_ = 0;
  std::vector<DistinctKey*> unknown_;  // whose hash key is not cached
  std::vector<Bytes> messages_;
  std::vector<Md5Digest> digests_;
};

}  // namespace thresh

#endif  // THRESH_STATS_BATCH_COUNTER_H_
