// Finished blobs to be output. Hashing one MD5 at a time leaves most of a core
// idle, many at once use all of it: so aggregators leave out the digests of
// their blobs, collect the blobs in a batch, and the batch is sealed as a
// whole.
#ifndef THRESH_BLOB_BATCH_H_
#define THRESH_BLOB_BATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/export.h"
#include "thresh/hash_key.h"

namespace thresh {

// A blob, and the keys to send with its Kinesis record. Views are valid until
// the batch that they came from is changed.
struct AggregatedBlob {
  Bytes bytes;            // magic, message, digest
  uint32_t user_records;  // at least 1
  // The index of the blob's shard in the ShardAggregator's map; 0 for an
  // Aggregator, which has no map.
  uint32_t shard;
  // Whether all its user records are unplaced (aggregator.h); otherwise none
  // is.
  bool unplaced;
  // The Kinesis record's partition key: for a single user record its own, if
  // Kinesis accepts it (kinesis_keys.h); otherwise "a", as in the KPL. The
  // explicit hash key alone selects the shard, and "a" is short: Kinesis counts
  // this key against the record's limit as well. It is the same for all blobs
  // of a shard, so that consumers that split a shard's records by it, such as
  // AWS Lambda's, keep the order of user records.
  std::string_view partition_key;
  // The Kinesis record's explicit hash key, which must always be sent
  // (HashKeyText): the first user record's effective one, so that the blob goes
  // to the shard of that record; for an unplaced record the MD5 of its
  // partition key.
  HashKey hash_key;
};

// Clearing keeps the memory, so that a reused batch stops allocating once it
// has held its largest content. Not thread-safe; but independent of the
// aggregator: a batch may be filled on one thread and sealed on another.
class BlobBatch {
 public:
  BlobBatch() = default;
  // A batch that was moved from is empty.
  BlobBatch(BlobBatch&& other) noexcept { Swap(&other); }
  BlobBatch& operator=(BlobBatch&& other) noexcept {
    BlobBatch(std::move(other)).Swap(this);
    return *this;
  }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  // The size of all blobs in bytes, digests included.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

  // Whether the batch has enough blobs: sealing more at a time costs as much
  // for each, and needs more cache and memory.
  [[nodiscard]] bool full() const {
    return size_ >= kFullBlobs || bytes_ >= kFullBytes;
  }

  // Computes and stores the digests, many at once, and returns the blobs in the
  // order in which they were finished. Their bytes are then final. The views
  // are valid until the batch is cleared or moved from, or an aggregator adds
  // another blob. Blobs sealed before are not hashed again.
  [[nodiscard]] THRESH_EXPORT std::span<const AggregatedBlob> Seal();

  // Removes the blobs and keeps the memory.
  THRESH_EXPORT void Clear();

 private:
  friend class OpenBlob;

  // Enough to fill the lanes of most processors, and few enough to fit in a
  // shared cache.
  static constexpr size_t kFullBlobs = 32;
  static constexpr uint64_t kFullBytes = uint64_t{16} << 20;

  // A blob's memory. The blob begins at `begin` and extends to the end.
  // AggregatedBlob::partition_key is at `key_begin`, unless its size is 0: then
  // it is "a".
  struct Slot {
    Column<uint8_t> buffer;
    size_t begin = 0;
    size_t key_begin = 0;
    size_t key_size = 0;
    uint32_t user_records = 0;
    uint32_t shard = 0;
    bool unplaced = false;
    HashKey hash_key;
  };

  // The slot of one more blob, of `blob_size` bytes. Its buffer is spare
  // memory.
  Slot* Add(size_t blob_size);
  THRESH_EXPORT void Swap(BlobBatch* other) noexcept;

  std::vector<Slot> slots_;  // those from size_ on are spare
  size_t size_ = 0;
  size_t sealed_ = 0;
  uint64_t bytes_ = 0;
  std::vector<AggregatedBlob> blobs_;
  std::vector<Bytes> messages_;
  std::vector<std::array<uint8_t, 16>> digests_;
};

}  // namespace thresh

#endif  // THRESH_BLOB_BATCH_H_
