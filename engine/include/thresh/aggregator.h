// Packs user records into aggregated records, byte for byte as the KPL does.
// Records are added to one open blob, in order, until the next one does not
// fit.
//
// A user record is *unplaced* if its explicit hash key is not a number below
// 2^128 (IsHashKey): the empty text, `undefined`, `-1`. Unplaced records are
// packed into separate blobs, also in order, because the KCL would drop other
// records with them. It reads explicit hash keys with Java's
// BigInteger(String), in UserRecord.deaggregate of its versions 1 and
// AggregatorUtil.deaggregate of versions 2 and 3. At a text that is not an
// integer it drops the rest of the blob; at an integer outside the shard, such
// as any below 0 or from 2^128 on, it drops the whole blob.
//
//   auto aggregator = thresh::Aggregator::Create({});
//   thresh::BlobBatch done;
//   for (...) {
//     if (auto added = aggregator->Add({.partition_key = ..., .data = ...},
//                                      &done); !added) { ... }
//     if (done.full()) { for (const auto& blob : done.Seal()) ...;
//     done.Clear(); }
//   }
//   aggregator->Flush(&done);  // and Seal() again
//
// To pack blobs for one shard each, see shard_aggregator.h.
#ifndef THRESH_AGGREGATOR_H_
#define THRESH_AGGREGATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "thresh/blob_batch.h"
#include "thresh/bytes.h"
#include "thresh/export.h"
#include "thresh/result.h"

namespace thresh {

inline constexpr uint64_t kMinBlobLimit = uint64_t{1} << 10;
inline constexpr uint64_t kMaxBlobLimit = uint64_t{10} << 20;
inline constexpr uint64_t kDefaultBlobLimit = uint64_t{1} << 20;
inline constexpr uint64_t kKplBlobLimit = uint64_t{50} << 10;  // its default

struct AggregatorOptions {
  // The most bytes of a blob, digest included; from kMinBlobLimit to
  // kMaxBlobLimit. Kinesis counts the Kinesis record's partition key as well
  // (AggregatedBlob::partition_key, one byte except for single records): a blob
  // of exactly a stream's limit is too large for the stream.
  uint64_t max_blob_bytes = kDefaultBlobLimit;
  // The most user records of a blob; 0: no limit. The KPL's default, 2^32 - 1,
  // is also no limit in practice.
  uint64_t max_blob_records = 0;
  // The most bytes, data and partition key together, of a Kinesis record that
  // holds one unpacked user record: the stream's limit, in the same range.
  uint64_t max_plain_bytes = kDefaultBlobLimit;
};

// Returns an error unless all limits are in their ranges and the system
// provides random bytes. The key tables are seeded with them; the output does
// not depend on them.
[[nodiscard]] THRESH_EXPORT Result<void> CheckAggregatorOptions(
    const AggregatorOptions& options);

// A user record to be packed. Any bytes are accepted, as re-aggregation must be
// lossless; CheckPartitionKey and CheckExplicitHashKey (kinesis_keys.h) check
// what Kinesis accepts.
struct NewUserRecord {
  std::string_view partition_key;
  Bytes data;
  // The decimal text, or null for none, which is not the same as empty.
  std::optional<std::string_view> explicit_hash_key = std::nullopt;
};

class Aggregator {
 public:
  [[nodiscard]] THRESH_EXPORT static Result<Aggregator> Create(
      const AggregatorOptions& options);
  THRESH_EXPORT ~Aggregator();
  THRESH_EXPORT Aggregator(Aggregator&&) noexcept;
  THRESH_EXPORT Aggregator& operator=(Aggregator&&) noexcept;

  // Adds `record` to the open blob of its kind, placed or unplaced; its bytes
  // are copied. If it does not fit, the blob is first finished into `done`, and
  // `record` opens the next. Returns whether a blob was finished, which happens
  // only when the next record of its kind would exceed a limit.
  //
  // A record that fits in no blob is an error of code kTooLarge that states
  // both sizes, and changes nothing: the open blob keeps its records, and other
  // records may follow. FitsPlain reports whether the record may be sent
  // unpacked as a Kinesis record instead; call Flush first to keep the order.
  [[nodiscard]] THRESH_EXPORT Result<bool> Add(const NewUserRecord& record,
                                               BlobBatch* done);

  // Adds records in order, each as Add does but faster, until all are added or
  // `done` is full: the caller drains it and passes the rest. Also stops before
  // a record that Add would reject; if that is the first one, the result is its
  // error. Returns how many were added.
  [[nodiscard]] THRESH_EXPORT Result<size_t> AddMany(
      std::span<const NewUserRecord> records, BlobBatch* done);

  // Finishes the open blobs into `done`, that of unplaced records last. Returns
  // the number of blobs.
  THRESH_EXPORT size_t Flush(BlobBatch* done);

  // The number of user records in the open blobs.
  [[nodiscard]] THRESH_EXPORT size_t records() const;

  // The size in bytes of the open blobs if they were finished now; 0 if none is
  // open.
  [[nodiscard]] THRESH_EXPORT size_t size() const;

  // The exact size in bytes of the open blob that Add would choose for
  // `record`, with `record` added, whether or not that is within the limit.
  [[nodiscard]] THRESH_EXPORT size_t
  SizeWith(const NewUserRecord& record) const;

  // Whether a Kinesis record can hold the data of `record` unpacked. Its
  // partition key and explicit hash key are then those of the Kinesis record.
  [[nodiscard]] THRESH_EXPORT bool FitsPlain(const NewUserRecord& record) const;

 private:
  struct State;
  explicit Aggregator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The exact size in bytes of a blob of `record` alone.
[[nodiscard]] THRESH_EXPORT size_t BlobSizeAlone(const NewUserRecord& record);

}  // namespace thresh

#endif  // THRESH_AGGREGATOR_H_
