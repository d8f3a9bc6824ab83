// The blob that records are added to: what both aggregators are made of. It
// measures, adds and finishes, and knows of no limits.
//
// A record may bring a new key long after the first record was written, and
// keys stand in front. So records are written once, where they will stay,
// behind a gap that the key tables are put into when the blob is finished:
//
//     buffer   |  gap   .magic|keys|hash keys|  records ...           |digest|
//                       ^ begin
//
// The gap is as large as the last blob's tables and some more. If they do not
// fit, the records are moved, which happens while blobs still change.
#ifndef THRESH_AGGREGATE_OPEN_BLOB_H_
#define THRESH_AGGREGATE_OPEN_BLOB_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aggregate/key_table.h"
#include "envelope/envelope.h"
#include "thresh/aggregator.h"
#include "thresh/blob_batch.h"
#include "thresh/column.h"
#include "thresh/hash_key.h"

namespace thresh {

// Magic and digest.
inline constexpr size_t kEmptyBlobSize = kMagic.size() + kDigestSize;

// The hash by which key tables tell keys apart.
uint64_t HashOfKey(std::string_view key);

// A record, and the hashes of its keys.
struct HashedRecord {
  explicit HashedRecord(const NewUserRecord& from)
      : record(from),
        partition_key(HashOfKey(from.partition_key)),
        explicit_hash_key(
            from.explicit_hash_key ? HashOfKey(*from.explicit_hash_key) : 0) {}

  const NewUserRecord& record;
  uint64_t partition_key;
  uint64_t explicit_hash_key;  // unspecified if there is none
};

class OpenBlob {
 public:
  OpenBlob();

  // What a record would add, and to which size: valid until the next change.
  struct Fit {
    KeyTable::Place partition_key;
    KeyTable::Place explicit_hash_key;
    size_t blob_size;
  };
  [[nodiscard]] Fit Measure(const HashedRecord& record) const;

  // Adds `record`, with what Measure has just said of it.
  void Add(const HashedRecord& record, const Fit& fit);

  // Puts the blob, but for its digest, into `done` and starts an empty one. At
  // least one record must have been added. `hash_key` and `shard` are what
  // AggregatedBlob tells.
  void Finish(HashKey hash_key, uint32_t shard, BlobBatch* done);

  [[nodiscard]] size_t records() const { return records_; }
  // Bytes of the blob, magic and digest included; kEmptyBlobSize at least.
  [[nodiscard]] size_t size() const { return size_; }

 private:
  size_t PutTables();
  [[nodiscard]] std::string_view OwnPartitionKey() const;

  KeyTable partition_keys_;
  KeyTable explicit_hash_keys_;
  Column<uint8_t> buffer_;
  size_t gap_;
  size_t size_;
  uint32_t records_ = 0;
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_OPEN_BLOB_H_
