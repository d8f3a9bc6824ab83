// Finished blobs on their way out. An MD5 taken alone leaves most of a core
// idle, many at once fill it: so aggregators leave the digests of their blobs
// open, collect the blobs in a batch, and the batch is sealed as a whole.
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

// A blob, and what its Kinesis record should be sent with. Views live as long
// as the batch that they came from is not changed.
struct AggregatedBlob {
  Bytes bytes;            // magic, message, digest
  uint32_t user_records;  // at least 1
  // The index of the shard that the blob is for, in the ShardAggregator's map;
  // 0 of an Aggregator, which has no map.
  uint32_t shard;
  // Whether all its user records are unplaced (aggregator.h); else none is.
  bool unplaced;
  // The Kinesis record's partition key: of a single user record its own, if
  // Kinesis would take it (kinesis_keys.h), else "a", as the KPL has it. The
  // explicit hash key decides alone where the blob goes, and "a" is short:
  // Kinesis counts this key against the record's limit as well. It is the same
  // for all blobs of a shard, so that consumers that split a shard's records by
  // it, as AWS Lambda's do, keep the order of user records.
  std::string_view partition_key;
  // The Kinesis record's explicit hash key, always to be given (HashKeyText):
  // the first user record's effective one, so that the blob lands on the shard
  // on which that record would have; of an unplaced record the MD5 of its
  // partition key.
  HashKey hash_key;
};

// Keeps its memory, so that a batch that is cleared and filled again allocates
// only until it has seen its largest content. Not to be used from two threads
// at a time; but it depends on no aggregator, and may be filled on one thread
// and sealed on another.
class BlobBatch {
 public:
  BlobBatch() = default;
  // What was moved from is empty.
  BlobBatch(BlobBatch&& other) noexcept { Swap(&other); }
  BlobBatch& operator=(BlobBatch&& other) noexcept {
    BlobBatch(std::move(other)).Swap(this);
    return *this;
  }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  // Of all blobs, digests included.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

  // Whether enough blobs are here: sealing more at a time costs no less for
  // each, and needs more cache and memory.
  [[nodiscard]] bool full() const {
    return size_ >= kFullBlobs || bytes_ >= kFullBytes;
  }

  // Puts in the digests, many at once, and returns the blobs in the order in
  // which they were finished. Only now are their bytes final. They stay so, and
  // the views valid, until the batch is cleared, moved from, or an aggregator
  // puts another blob in. Blobs sealed before are not hashed again.
  [[nodiscard]] THRESH_EXPORT std::span<const AggregatedBlob> Seal();

  // Forgets the blobs and keeps the memory.
  THRESH_EXPORT void Clear();

 private:
  friend class OpenBlob;

  // What fills the lanes of most processors, and still lies in a shared cache.
  static constexpr size_t kFullBlobs = 32;
  static constexpr uint64_t kFullBytes = uint64_t{16} << 20;

  // A blob's memory, in which it begins at `begin` and goes to the end, and
  // AggregatedBlob::partition_key lies at `key_begin`, unless its size is 0:
  // then it is "a".
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
