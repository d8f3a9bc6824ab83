// See blob_filler.h.
#include "aggregate/blob_filler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "digest/hash_key_of.h"
#include "digest/md5.h"
#include "thresh/kinesis_keys.h"

namespace thresh {
namespace {

HashKey OuterHashKey(const NewUserRecord& record) {
  const std::optional<HashKey> effective =
      EffectiveHashKey(record.partition_key, record.explicit_hash_key);
  return effective.has_value() ? *effective
                               : HashKeyOf(Md5(AsBytes(record.partition_key)));
}

tl::unexpected<Error> TooLarge(const AggregatorOptions& limits,
                               const NewUserRecord& record, size_t blob_size) {
  std::string remedy = FitsPlain(limits, record)
                           ? "send it as a Kinesis record of its own"
                           : "split it";
  if (blob_size <= kMaxBlobLimit) remedy += ", or raise the limit";
  return tl::unexpected(Error{
      .code = ErrorCode::kTooLarge,
      .file = {},
      .offset = {},
      .message = "a user record with " + std::to_string(record.data.size()) +
                 " bytes of data makes a blob of " + std::to_string(blob_size) +
                 " bytes by itself, more than the limit of " +
                 std::to_string(limits.max_blob_bytes),
      .remedy = std::move(remedy)});
}

}  // namespace

Result<bool> BlobFiller::AddFirst(const AggregatorOptions& limits,
                                  const HashedRecord& record,
                                  std::optional<HashKey> hash_key,
                                  BlobBatch* done) {
  const size_t alone = BlobSizeAlone(*record.record);
  if (alone > limits.max_blob_bytes) {
    return TooLarge(limits, *record.record, alone);
  }
  const bool finished = Flush(done);
  hash_key_ = hash_key.has_value() ? *hash_key : OuterHashKey(*record.record);
  blob_.Add(record, blob_.Measure(record));
  return finished;
}

size_t BlobFiller::HashPlaced(std::span<const NewUserRecord> records,
                              HashedRecords* hashed) const {
  const size_t most = std::min(kRecordsAtATime, records.size());
  for (size_t i = 0; i < most; ++i) {
    if (IsUnplaced(records[i])) return i;
    (*hashed)[i] = HashedRecord(records[i]);
    blob_.Prefetch((*hashed)[i]);
  }
  return most;
}

Result<size_t> BlobFiller::AddMany(const AggregatorOptions& limits,
                                   std::span<const NewUserRecord> records,
                                   BlobBatch* done) {
  HashedRecords hashed;
  size_t begin = 0;
  while (begin < records.size()) {
    const size_t count = HashPlaced(records.subspan(begin), &hashed);
    if (count == 0) break;
    for (size_t i = 0; i < count;) {
      i += blob_.AddWithin(limits, std::span(hashed).subspan(i, count - i));
      if (i == count) break;
      if (Result<bool> first = AddFirst(limits, hashed[i], std::nullopt, done);
          !first) {
        if (begin + i > 0) return begin + i;
        return tl::unexpected(std::move(first.error()));
      }
      ++i;
      if (done->full()) return begin + i;
    }
    begin += count;
  }
  return begin;
}

bool BlobFiller::Flush(BlobBatch* done) {
  if (blob_.records() == 0) return false;
  blob_.Finish(hash_key_, target_, done);
  return true;
}

size_t BlobFiller::SizeWith(const NewUserRecord& record) const {
  return blob_.Measure(HashedRecord(record)).blob_size;
}

bool FitsPlain(const AggregatorOptions& limits, const NewUserRecord& record) {
  return record.data.size() <= limits.max_plain_bytes &&
         record.partition_key.size() <=
             limits.max_plain_bytes - record.data.size();
}

}  // namespace thresh
