// See open_blob.h.
#include "aggregate/open_blob.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/varint.h"
#include "thresh/kinesis_keys.h"

namespace thresh {
namespace {

constexpr size_t kLeastGap = 256;

uint8_t* Put(Bytes bytes, uint8_t* at) {
  return std::ranges::copy(bytes, at).out;
}

}  // namespace

OpenBlob::OpenBlob()
    : partition_keys_(KeyTableTag::kPartitionKeys),
      explicit_hash_keys_(KeyTableTag::kExplicitHashKeys),
      gap_(kLeastGap),
      size_(kEmptyBlobSize) {}

size_t OpenBlob::AddWithin(const AggregatorOptions& limits,
                           std::span<const HashedRecord> records) {
  if (records_ == 0) return 0;
  if (limits.max_blob_records != 0) {
    const size_t room = limits.max_blob_records - records_;
    records = records.first(std::min(room, records.size()));
  }
  size_t added = 0;
  while (true) {
    added += AddOrdinary(limits.max_blob_bytes, records.subspan(added));
    if (added == records.size()) return added;
    const Fit fit = Measure(records[added]);
    if (fit.blob_size > limits.max_blob_bytes) return added;
    Add(records[added], fit);
    ++added;
  }
}

size_t OpenBlob::AddOrdinary(size_t limit,
                             std::span<const HashedRecord> records) {
  KeyTable::Run keys(&partition_keys_);
  uint8_t* at = buffer_.end();
  const uint8_t* const end = buffer_.data() + buffer_.capacity();
  size_t size = size_;
  size_t added = 0;
  for (const HashedRecord& hashed : records) {
    const NewUserRecord& record = *hashed.record;
    if (record.explicit_hash_key) break;
    const KeyTable::Place key =
        keys.Find(hashed.partition_key, record.partition_key);
    const size_t content_size =
        RecordContentSize(key.index, std::nullopt, record.data.size());
    const size_t field_size = RecordFieldSize(content_size);
    size_t size_with = size + field_size;
    if (key.is_new) size_with += KeyFieldSize(record.partition_key.size());
    if (size_with > limit ||
        field_size + kWriterSlack > static_cast<size_t>(end - at)) {
      break;
    }
    if (key.is_new) {
      if (!keys.HasRoom(record.partition_key.size())) break;
      keys.Add(key, hashed.partition_key, record.partition_key);
    }
    at = WriteRecord(key.index, std::nullopt, record.data, content_size, at);
    size = size_with;
    ++added;
  }
  buffer_.Resize(static_cast<size_t>(at - buffer_.data()));
  size_ = size;
  records_ += static_cast<uint32_t>(added);
  return added;
}

// Writes magic and tables before the records. Returns where the blob begins.
size_t OpenBlob::PutTables() {
  const Bytes keys = partition_keys_.fields();
  const Bytes hash_keys = explicit_hash_keys_.fields();
  const size_t needed = kMagic.size() + keys.size() + hash_keys.size();
  if (needed > gap_) {
    const size_t records = buffer_.size() - gap_;
    buffer_.Resize(needed + records);
    std::memmove(buffer_.data() + needed, buffer_.data() + gap_, records);
    gap_ = needed;
  }
  const size_t begin = gap_ - needed;
  Put(hash_keys, Put(keys, Put(kMagic, buffer_.data() + begin)));
  gap_ = std::max(kLeastGap, needed + needed / 4);
  return begin;
}

// The partition key of the only record, if Kinesis accepts it; otherwise empty.
std::string_view OpenBlob::OwnPartitionKey() const {
  if (records_ != 1) return {};
  const Bytes field = partition_keys_.fields();
  uint32_t size = 0;
  const uint8_t* const end = field.data() + field.size();
  const uint8_t* const key = ReadLength(field.data() + 1, end, &size);
  const std::string_view text = AsText({key, size});
  return CheckPartitionKey(text) ? text : std::string_view();
}

void OpenBlob::Finish(HashKey hash_key, const BlobTarget& target,
                      BlobBatch* done) {
  const std::string_view key = OwnPartitionKey();
  const size_t begin = PutTables();
  buffer_.Resize(buffer_.size() + kDigestSize);
  BlobBatch::Slot* const slot = done->Add(size_);
  std::swap(slot->buffer, buffer_);
  slot->begin = begin;
  slot->key_size = key.size();
  slot->key_begin =
      begin + kMagic.size() + KeyFieldSize(key.size()) - key.size();
  slot->user_records = records_;
  slot->shard = target.shard;
  slot->unplaced = target.unplaced;
  slot->hash_key = hash_key;
  partition_keys_.Clear();
  explicit_hash_keys_.Clear();
  size_ = kEmptyBlobSize;
  records_ = 0;
}

}  // namespace thresh
