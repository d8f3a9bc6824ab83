// See blob_packer.h.
#include "aggregate/blob_packer.h"

#include <optional>
#include <utility>

#include "thresh/kinesis_keys.h"

namespace thresh {
namespace {

// The number of bytes collected before they are written.
constexpr size_t kPieceBytes = size_t{1} << 20;

// Without shards, all records are on the only shard of a new stream.
constexpr std::string_view kOnlyShard = "shardId-000000000000";

}  // namespace

Result<std::unique_ptr<BlobPacker>> BlobPacker::Create(
    const AggregatorOptions& limits, std::vector<HashKeyRange> shards,
    std::unique_ptr<RecordWriter> writer, ByteOutput* file, bool beside) {
  const auto packer = [&](auto aggregator) {
    return std::unique_ptr<BlobPacker>(
        new BlobPacker(std::move(aggregator), std::move(shards),
                       std::move(writer), file, beside));
  };
  if (shards.empty()) return Aggregator::Create(limits).map(packer);
  return ShardAggregator::Create(limits, shards).map(packer);
}

BlobPacker::~BlobPacker() {
  if (writing_.valid()) writing_.wait();
}

Result<void> BlobPacker::Add(const NewUserRecord& record) {
  const Result<bool> added = std::visit(
      [&](auto& aggregator) { return aggregator.Add(record, &done_); },
      aggregator_);
  if (!added) return tl::unexpected(added.error());
  ++packed_.user_records;
  return *added && done_.full() ? StartWriting() : Result<void>();
}

Result<void> BlobPacker::AddPlain(const NewUserRecord& record) {
  std::optional<HashKey> explicit_hash_key;
  if (record.explicit_hash_key) {
    explicit_hash_key = ParseHashKey(*record.explicit_hash_key);
  }
  size_t shard = 0;
  if (auto* const sharded = std::get_if<ShardAggregator>(&aggregator_)) {
    // As ShardAggregator::Add places it.
    shard = FindShard(
        shards_, explicit_hash_key
                     ? *explicit_hash_key
                     : *EffectiveHashKey(record.partition_key, std::nullopt));
    sharded->FlushShard(shard, &done_);
  } else {
    std::get<Aggregator>(aggregator_).Flush(&done_);
  }
  if (Result<void> written = WriteDone(); !written) return written;
  writer_->Add({.bytes = record.data,
                .partition_key = record.partition_key,
                .explicit_hash_key = explicit_hash_key,
                .shard = ShardName(shard)},
               &buffer_);
  ++packed_.user_records;
  ++packed_.plain_records;
  return buffer_.size() >= kPieceBytes ? WriteBuffer() : Result<void>();
}

Result<void> BlobPacker::Complete() {
  std::visit([&](auto& aggregator) { aggregator.Flush(&done_); }, aggregator_);
  if (Result<void> written = WriteDone(); !written) return written;
  writer_->Finish(&buffer_);
  if (Result<void> written = WriteBuffer(); !written) return written;
  packed_.bytes = written_;
  packed_.unplaced_blobs = unplaced_blobs_;
  packed_.unplaced_records = unplaced_records_;
  return file_->Complete();
}

std::string_view BlobPacker::ShardName(size_t shard) const {
  return shards_.empty() ? kOnlyShard : std::string_view(shards_[shard].name);
}

// Starts to write the finished blobs in the background, after the previous
// ones.
Result<void> BlobPacker::StartWriting() {
  if (!beside_) return WriteDone();
  if (Result<void> handed_over = HandOver(); !handed_over) return handed_over;
  // Deferred only if no more threads can be created.
  writing_ = std::async(std::launch::async | std::launch::deferred,
                        [this] { return WriteBlobs(); });
  return {};
}

// Writes the finished blobs before it returns.
Result<void> BlobPacker::WriteDone() {
  if (Result<void> handed_over = HandOver(); !handed_over) return handed_over;
  return WriteBlobs();
}

// Waits until nothing is being written, and takes the next blobs to write.
Result<void> BlobPacker::HandOver() {
  if (writing_.valid()) {
    if (Result<void> written = writing_.get(); !written) return written;
  }
  packed_.blobs += done_.size();
  std::swap(done_, sealing_);
  return {};
}

Result<void> BlobPacker::WriteBlobs() {
  for (const AggregatedBlob& blob : sealing_.Seal()) {
    writer_->Add({.bytes = blob.bytes,
                  .partition_key = blob.partition_key,
                  .explicit_hash_key = blob.hash_key,
                  .shard = ShardName(blob.shard)},
                 &buffer_);
    if (blob.unplaced) {
      ++unplaced_blobs_;
      unplaced_records_ += blob.user_records;
    }
    if (buffer_.size() < kPieceBytes) continue;
    if (Result<void> written = WriteBuffer(); !written) return written;
  }
  sealing_.Clear();
  return {};
}

Result<void> BlobPacker::WriteBuffer() {
  written_ += buffer_.size();
  Result<void> written = file_->Write(Bytes(buffer_.data(), buffer_.size()));
  buffer_.Clear();
  return written;
}

}  // namespace thresh
