// See blob_batch.h.
#include "thresh/blob_batch.h"

#include <algorithm>

#include "digest/md5_lanes.h"
#include "record/envelope.h"

namespace thresh {

BlobBatch::Slot* BlobBatch::Add(size_t blob_size) {
  if (size_ == slots_.size()) slots_.emplace_back();
  bytes_ += blob_size;
  return &slots_[size_++];
}

std::span<const AggregatedBlob> BlobBatch::Seal() {
  messages_.clear();
  for (size_t i = sealed_; i < size_; ++i) {
    const Slot& slot = slots_[i];
    const Bytes blob =
        Bytes(slot.buffer.data(), slot.buffer.size()).subspan(slot.begin);
    blobs_.push_back(
        {.bytes = blob,
         .user_records = slot.user_records,
         .shard = slot.shard,
         .unplaced = slot.unplaced,
         .partition_key =
             slot.key_size == 0
                 ? kPartitionKeyOfSeveral
                 : AsText({slot.buffer.data() + slot.key_begin, slot.key_size}),
         .hash_key = slot.hash_key});
    messages_.push_back(MessageOf(blob));
  }
  digests_.resize(messages_.size());
  Md5Many(messages_, digests_);
  for (size_t i = sealed_; i < size_; ++i) {
    std::ranges::copy(digests_[i - sealed_],
                      slots_[i].buffer.end() - kDigestSize);
  }
  sealed_ = size_;
  return blobs_;
}

void BlobBatch::Clear() {
  blobs_.clear();
  size_ = 0;
  sealed_ = 0;
  bytes_ = 0;
}

void BlobBatch::Swap(BlobBatch* other) noexcept {
  std::swap(slots_, other->slots_);
  std::swap(size_, other->size_);
  std::swap(sealed_, other->sealed_);
  std::swap(bytes_, other->bytes_);
  std::swap(blobs_, other->blobs_);
  std::swap(messages_, other->messages_);
  std::swap(digests_, other->digests_);
}

}  // namespace thresh
