// Packs user records into aggregated records that each hold records of one
// shard alone. The KCL drops a whole aggregate if the hash key of any user
// record in it lies outside of the range of the shard that it read it from: so
// records of different shards must not share a blob, and the blob must land on
// theirs.
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

// An error unless `shards` are in order of their hash keys and cover all hash
// keys without gap or overlap, as the open shards of a stream do.
[[nodiscard]] THRESH_EXPORT Result<void> CheckShards(
    const std::vector<HashKeyRange>& shards);

// Where a record goes.
struct ShardPlace {
  HashKey hash_key;  // the effective one; of an unplaced record see Add
  size_t shard = 0;  // its index in the map
  bool unplaced = false;
};

// The index in `shards` of the one that `key` lies in. CheckShards must find
// nothing wrong with them.
[[nodiscard]] THRESH_EXPORT size_t
FindShard(const std::vector<HashKeyRange>& shards, HashKey key);

// Keeps one open blob for each shard, which the next record of that shard may
// fill, and one more for unplaced records (aggregator.h): memory for a blob of
// the largest size, and to find its keys by, for each shard and kind that
// records came for.
class ShardAggregator {
 public:
  // `shards` are the open ones, those without an ending sequence number:
  // CheckShards must find nothing, and there may be no more than 2^32 - 1.
  [[nodiscard]] THRESH_EXPORT static Result<ShardAggregator> Create(
      const AggregatorOptions& options,
      const std::vector<HashKeyRange>& shards);
  THRESH_EXPORT ~ShardAggregator();
  THRESH_EXPORT ShardAggregator(ShardAggregator&&) noexcept;
  THRESH_EXPORT ShardAggregator& operator=(ShardAggregator&&) noexcept;

  // As Aggregator::Add, with the open blobs of the shard that the effective
  // hash key of `record` lies in (kinesis_keys.h). An unplaced record belongs
  // to no shard, and is packed for that of its partition key's MD5.
  // AggregatedBlob::shard and ::hash_key of the blobs say where they go.
  [[nodiscard]] THRESH_EXPORT Result<bool> Add(const NewUserRecord& record,
                                               BlobBatch* done);

  // Where Add packs `record`, and to add it there without another look at its
  // keys: for those who have to know its shard as well.
  [[nodiscard]] THRESH_EXPORT ShardPlace PlaceOf(const NewUserRecord& record);
  [[nodiscard]] THRESH_EXPORT Result<bool> AddAt(const ShardPlace& place,
                                                 const NewUserRecord& record,
                                                 BlobBatch* done);

  // Finishes all open blobs into `done`, in the order of the shards, and in
  // each that of unplaced records last. Returns how many there were.
  THRESH_EXPORT size_t Flush(BlobBatch* done);
  // Likewise those of the shard at this index of the map.
  THRESH_EXPORT size_t FlushShard(size_t shard, BlobBatch* done);

  // User records in all open blobs, and bytes of them if they were finished
  // now.
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
