// An open blob under limits: the one rule of where a blob ends, for both
// aggregators.
#ifndef THRESH_AGGREGATE_BLOB_FILLER_H_
#define THRESH_AGGREGATE_BLOB_FILLER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "aggregate/open_blob.h"
#include "thresh/aggregator.h"
#include "thresh/blob_batch.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh {

class BlobFiller {
 public:
  // Blobs are for `shard`: see AggregatedBlob.
  explicit BlobFiller(uint32_t shard) : shard_(shard) {}

  // See Aggregator::Add. `hash_key` is the effective one of `record` if it is
  // known already; else it is computed for the records that need it.
  Result<bool> Add(const AggregatorOptions& limits, const HashedRecord& record,
                   std::optional<HashKey> hash_key, BlobBatch* done);

  // See Aggregator::AddMany.
  Result<size_t> AddMany(const AggregatorOptions& limits,
                         std::span<const NewUserRecord> records,
                         BlobBatch* done);

  // See Aggregator::Flush.
  bool Flush(BlobBatch* done);

  // See Aggregator::SizeWith.
  [[nodiscard]] size_t SizeWith(const NewUserRecord& record) const;

  [[nodiscard]] const OpenBlob& blob() const { return blob_; }

 private:
  // What Add does with a record that is the first of a blob.
  Result<bool> AddFirst(const AggregatorOptions& limits,
                        const HashedRecord& record,
                        std::optional<HashKey> hash_key, BlobBatch* done);

  static constexpr size_t kRecordsAtATime = 32;

  OpenBlob blob_;
  HashKey hash_key_;  // of the blob's first record
  uint32_t shard_;
};

inline Result<bool> BlobFiller::Add(const AggregatorOptions& limits,
                                    const HashedRecord& record,
                                    std::optional<HashKey> hash_key,
                                    BlobBatch* done) {
  const OpenBlob::Fit fit = blob_.Measure(record);
  const size_t records = blob_.records();
  const bool within =
      fit.blob_size <= limits.max_blob_bytes &&
      (limits.max_blob_records == 0 || records < limits.max_blob_records);
  if (!within || records == 0) [[unlikely]] {
    return AddFirst(limits, record, hash_key, done);
  }
  blob_.Add(record, fit);
  return false;
}

// See Aggregator::FitsPlain.
bool FitsPlain(const AggregatorOptions& limits, const NewUserRecord& record);

}  // namespace thresh

#endif  // THRESH_AGGREGATE_BLOB_FILLER_H_
