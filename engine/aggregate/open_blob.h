// The blob that records are added to, used by both aggregators. It measures,
// adds and finishes, without limits.
//
// A record may bring a new key long after the first record was written, but
// keys precede the records. So records are written once, at their final place,
// after a gap into which the key tables are copied when the blob is finished:
//
//     buffer   |  gap   .magic|keys|hash keys|  records ...           |digest|
//                       ^ begin
//
// The gap is somewhat larger than the last blob's tables. If they do not fit,
// the records are moved, which happens while blobs still change.
#ifndef THRESH_AGGREGATE_OPEN_BLOB_H_
#define THRESH_AGGREGATE_OPEN_BLOB_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "aggregate/key_table.h"
#include "digest/keyed_hash.h"
#include "record/envelope.h"
#include "thresh/aggregator.h"
#include "thresh/blob_batch.h"
#include "thresh/column.h"
#include "thresh/hash_key.h"

namespace thresh {

// Magic and digest.
inline constexpr size_t kEmptyBlobSize = kMagic.size() + kDigestSize;

// The hash by which key tables distinguish keys.
inline uint64_t HashOfKey(std::string_view key) {
  return KeyedHash64(AsBytes(key));
}

// A record, and the hashes of its keys.
struct HashedRecord {
  HashedRecord() = default;
  explicit HashedRecord(const NewUserRecord& from)
      : record(&from),
        partition_key(HashOfKey(from.partition_key)),
        explicit_hash_key(
            from.explicit_hash_key ? HashOfKey(*from.explicit_hash_key) : 0) {}

  const NewUserRecord* record = nullptr;
  uint64_t partition_key = 0;
  uint64_t explicit_hash_key = 0;  // unspecified if there is none
};

// Which of an aggregator's open blobs a blob is: see AggregatedBlob.
struct BlobTarget {
  uint32_t shard = 0;
  bool unplaced = false;
};

class OpenBlob {
 public:
  OpenBlob();

  // What a record would add, and the resulting size; valid until the next
  // change.
  struct Fit {
    KeyTable::Place partition_key;
    KeyTable::Place explicit_hash_key;
    size_t content_size;  // RecordContentSize
    size_t blob_size;
  };
  [[nodiscard]] Fit Measure(const HashedRecord& hashed) const;

  // Adds the record of `hashed`, with the last result of Measure for it.
  void Add(const HashedRecord& hashed, const Fit& fit);

  // Prefetches the memory in which Measure will look up `hashed`, and that
  // which Add will copy first.
  void Prefetch(const HashedRecord& hashed) const {
    partition_keys_.Prefetch(hashed.partition_key);
    const Bytes data = hashed.record->data;
    if (data.empty()) return;
    __builtin_prefetch(data.data());
    __builtin_prefetch(&data[std::min(data.size(), kPrefetchedBytes) - 1]);
  }

  // Adds records in order, to a blob that has one already, until the next would
  // exceed a limit. Returns how many were added.
  size_t AddWithin(const AggregatorOptions& limits,
                   std::span<const HashedRecord> records);

  // Puts the blob, without its digest, into `done` and starts an empty one. At
  // least one record must have been added. `hash_key` and `target` are those of
  // AggregatedBlob.
  void Finish(HashKey hash_key, const BlobTarget& target, BlobBatch* done);

  [[nodiscard]] size_t records() const { return records_; }
  // The size of the blob in bytes, magic and digest included; at least
  // kEmptyBlobSize.
  [[nodiscard]] size_t size() const { return size_; }

 private:
  static constexpr size_t kPrefetchedBytes = 128;  // two cache lines

  // AddWithin for ordinary records, which nearly all are; also stops before
  // others.
  size_t AddOrdinary(size_t limit, std::span<const HashedRecord> records);
  size_t PutTables();
  [[nodiscard]] std::string_view OwnPartitionKey() const;

  KeyTable partition_keys_;
  KeyTable explicit_hash_keys_;
  Column<uint8_t> buffer_;
  size_t gap_;
  size_t size_;
  uint32_t records_ = 0;
};

// Both inline, since they are called for each record.

inline OpenBlob::Fit OpenBlob::Measure(const HashedRecord& hashed) const {
  const NewUserRecord& record = *hashed.record;
  Fit fit = {.partition_key = partition_keys_.Find(hashed.partition_key,
                                                   record.partition_key),
             .explicit_hash_key = {},
             .content_size = 0,
             .blob_size = size_};
  if (fit.partition_key.is_new) {
    fit.blob_size += KeyFieldSize(record.partition_key.size());
  }
  std::optional<uint64_t> hash_key_index;
  if (record.explicit_hash_key) {
    fit.explicit_hash_key = explicit_hash_keys_.Find(hashed.explicit_hash_key,
                                                     *record.explicit_hash_key);
    hash_key_index = fit.explicit_hash_key.index;
    if (fit.explicit_hash_key.is_new) {
      fit.blob_size += KeyFieldSize(record.explicit_hash_key->size());
    }
  }
  fit.content_size = RecordContentSize(fit.partition_key.index, hash_key_index,
                                       record.data.size());
  fit.blob_size += RecordFieldSize(fit.content_size);
  return fit;
}

inline void OpenBlob::Add(const HashedRecord& hashed, const Fit& fit) {
  const NewUserRecord& record = *hashed.record;
  if (fit.partition_key.is_new) {
    partition_keys_.Add(fit.partition_key, hashed.partition_key,
                        record.partition_key);
  }
  std::optional<uint64_t> hash_key_index;
  if (record.explicit_hash_key) {
    hash_key_index = fit.explicit_hash_key.index;
    if (fit.explicit_hash_key.is_new) {
      explicit_hash_keys_.Add(fit.explicit_hash_key, hashed.explicit_hash_key,
                              *record.explicit_hash_key);
    }
  }
  if (records_ == 0) buffer_.Resize(gap_);
  AppendRecord(fit.partition_key.index, hash_key_index, record.data,
               fit.content_size, &buffer_);
  size_ = fit.blob_size;
  ++records_;
}

}  // namespace thresh

#endif  // THRESH_AGGREGATE_OPEN_BLOB_H_
