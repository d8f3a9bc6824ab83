// Packs user records into aggregated records that each hold records of only one
// shard. The KCL drops a whole aggregate if the hash key of any user record in
// it is outside the range of the shard that it was read from: so records of
// different shards must not share a blob, and the blob must be sent to their
// shard.
#ifndef THRESH_SHARD_AGGREGATOR_H_
#define THRESH_SHARD_AGGREGATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "thresh/aggregator.h"
#include "thresh/blob_batch.h"
#include "thresh/export.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh {

// Returns an error unless `shards` are in order of their hash keys and cover
// all hash keys without gap or overlap, as the open shards of a stream do.
[[nodiscard]] THRESH_EXPORT Result<void> CheckShards(
    const std::vector<HashKeyRange>& shards);

// The shard of a record.
struct ShardPlace {
  HashKey hash_key;  // the effective one; for an unplaced record see Add
  size_t shard = 0;  // its index in the map
  bool unplaced = false;
};

// The index in `shards` of the one that contains `key`. They must pass
// CheckShards.
[[nodiscard]] THRESH_EXPORT size_t
FindShard(const std::vector<HashKeyRange>& shards, HashKey key);

// Keeps one open blob for each shard and one more for its unplaced records
// (aggregator.h). Each shard and kind with records takes memory for a blob of
// the largest size and for its key tables.
class ShardAggregator {
 public:
  // `shards` are the open ones, those without an ending sequence number. They
  // must pass CheckShards, and there may be at most 2^32 - 1.
  [[nodiscard]] THRESH_EXPORT static Result<ShardAggregator> Create(
      const AggregatorOptions& options,
      const std::vector<HashKeyRange>& shards);
  THRESH_EXPORT ~ShardAggregator();
  THRESH_EXPORT ShardAggregator(ShardAggregator&&) noexcept;
  THRESH_EXPORT ShardAggregator& operator=(ShardAggregator&&) noexcept;

  // As Aggregator::Add, with the open blobs of the shard that contains the
  // effective hash key of `record` (kinesis_keys.h). An unplaced record belongs
  // to no shard, and is packed for that of its partition key's MD5.
  // AggregatedBlob::shard and ::hash_key identify the shard of each blob.
  [[nodiscard]] THRESH_EXPORT Result<bool> Add(const NewUserRecord& record,
                                               BlobBatch* done);

  // The place to which Add adds `record`, and an Add at that place that does
  // not hash its keys again: for callers that need its shard as well.
  [[nodiscard]] THRESH_EXPORT ShardPlace PlaceOf(const NewUserRecord& record);
  [[nodiscard]] THRESH_EXPORT Result<bool> AddAt(const ShardPlace& place,
                                                 const NewUserRecord& record,
                                                 BlobBatch* done);

  // Finishes all open blobs into `done`, in the order of the shards; within
  // each, that of unplaced records last. Returns the number of blobs.
  THRESH_EXPORT size_t Flush(BlobBatch* done);
  // Finishes those of the shard at this index of the map.
  THRESH_EXPORT size_t FlushShard(size_t shard, BlobBatch* done);

  // The number of user records in all open blobs, and the size of these in
  // bytes if they were finished now.
  [[nodiscard]] THRESH_EXPORT size_t records() const;
  [[nodiscard]] THRESH_EXPORT size_t size() const;

  // See Aggregator::FitsPlain.
  [[nodiscard]] THRESH_EXPORT bool FitsPlain(const NewUserRecord& record) const;

 private:
  struct State;
  explicit ShardAggregator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace thresh

#endif  // THRESH_SHARD_AGGREGATOR_H_
