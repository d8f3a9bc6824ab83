// An open blob under limits: the rule of where a blob ends, for both
// aggregators; and the rule that placed and unplaced records must not share a
// blob.
#ifndef THRESH_AGGREGATE_BLOB_FILLER_H_
#define THRESH_AGGREGATE_BLOB_FILLER_H_

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "aggregate/open_blob.h"
#include "thresh/aggregator.h"
#include "thresh/blob_batch.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh {

// Whether `record` is unplaced (aggregator.h).
inline bool IsUnplaced(const NewUserRecord& record) {
  return record.explicit_hash_key && !IsHashKey(*record.explicit_hash_key);
}

// Receives either placed or unplaced records, as `target` says.
class BlobFiller {
 public:
  explicit BlobFiller(const BlobTarget& target) : target_(target) {}

  // See Aggregator::Add. `hash_key` is the effective one of `record` if it is
  // already known; otherwise it is computed for the records that need it.
  Result<bool> Add(const AggregatorOptions& limits, const HashedRecord& record,
                   std::optional<HashKey> hash_key, BlobBatch* done);

  // See Aggregator::AddMany; for placed records. Also stops before an unplaced
  // one; the first must not be unplaced.
  Result<size_t> AddMany(const AggregatorOptions& limits,
                         std::span<const NewUserRecord> records,
                         BlobBatch* done);

  // See Aggregator::Flush.
  bool Flush(BlobBatch* done);

  // See Aggregator::SizeWith.
  [[nodiscard]] size_t SizeWith(const NewUserRecord& record) const;

  [[nodiscard]] const OpenBlob& blob() const { return blob_; }
  // The size in bytes of the open blob if it were finished now; 0 if none is
  // open.
  [[nodiscard]] size_t size() const {
    return blob_.records() == 0 ? 0 : blob_.size();
  }

 private:
  // Add for the first record of a blob.
  Result<bool> AddFirst(const AggregatorOptions& limits,
                        const HashedRecord& record,
                        std::optional<HashKey> hash_key, BlobBatch* done);

  static constexpr size_t kRecordsAtATime = 32;
  using HashedRecords = std::array<HashedRecord, kRecordsAtATime>;

  // Hashes the placed records at the start of `records`, as many as there is
  // room for, and prefetches the memory that they need. Returns how many.
  size_t HashPlaced(std::span<const NewUserRecord> records,
                    HashedRecords* hashed) const;

  OpenBlob blob_;
  HashKey hash_key_;  // of the blob's first record
  BlobTarget target_;
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
