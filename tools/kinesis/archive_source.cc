// See archive_source.h.
#include "kinesis/archive_source.h"

#include <string_view>
#include <utility>

#include "kinesis/failed.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {
namespace {

// The partition key of aggregates, of minimum length.
constexpr const char* kBlobKey = "a";

Error Obstacle(std::string message, std::string remedy = {}) {
  return Failed(ErrorCode::kContainer, std::move(message), std::move(remedy))
      .value();
}

PutRecord AsPutRecord(const NewUserRecord& record) {
  return {.data = record.data,
          .partition_key = record.partition_key,
          .explicit_hash_key = record.explicit_hash_key};
}

}  // namespace

Result<std::unique_ptr<ArchiveSource>> ArchiveSource::Open(
    const InputList& inputs, const Options& reading, const PackOptions& packing,
    const std::vector<HashKeyRange>& shards, std::vector<Acknowledged> done) {
  Result<ShardAggregator> aggregator =
      ShardAggregator::Create({.max_blob_bytes = packing.blob_bytes,
                               .max_plain_bytes = packing.limits.record_bytes},
                              shards);
  if (!aggregator) return tl::unexpected(aggregator.error());
  Result<BatchReader> reader = BatchReader::Open(inputs, reading);
  if (!reader) return tl::unexpected(reader.error());
  return std::unique_ptr<ArchiveSource>(
      new ArchiveSource(std::move(*reader), std::move(*aggregator), inputs,
                        packing, shards, std::move(done)));
}

ArchiveSource::ArchiveSource(BatchReader reader, ShardAggregator aggregator,
                             InputList inputs, PackOptions packing,
                             const std::vector<HashKeyRange>& shards,
                             std::vector<Acknowledged> done)
    : reader_(std::move(reader)),
      aggregator_(std::move(aggregator)),
      inputs_(std::move(inputs)),
      packing_(std::move(packing)),
      done_(std::move(done)),
      numbers_(shards.size()),
      packed_(shards.size()) {}

Result<void> ArchiveSource::ReadOn() {
  if (batch_ == nullptr || row_ == batch_->kinesis_records.size()) {
    batch_.reset();
    Result<std::shared_ptr<const Batch>> batch = reader_.Next();
    if (!batch) return tl::unexpected(batch.error());
    batch_ = *std::move(batch);
    row_ = 0;
    if (Result<void> sound = CheckInputs(); !sound) return sound;
    if (batch_ != nullptr) return {};
    aggregator_.Flush(&blobs_);
    Collect();
    End();
    return {};
  }
  const KinesisRecord& from = batch_->kinesis_records[row_];
  // Stops when a record is ready: one Kinesis record may hold millions.
  for (; user_ < from.user_record_count && !has_ready(); ++user_) {
    if (Result<void> taken =
            Take(from, batch_->At(from, from.first_user_record + user_));
        !taken) {
      return taken;
    }
    if (blobs_.full()) Collect();
  }
  if (user_ < from.user_record_count) return {};
  user_ = 0;
  ++row_;
  return {};
}

Result<void> ArchiveSource::CheckInputs() {
  const std::vector<Error>& errors = reader_.report().input_errors;
  for (; input_errors_ < errors.size(); ++input_errors_) {
    const Error& error = errors[input_errors_];
    if (!packing_.numbers_must_last) continue;
    // This error recurs whenever the input is read.
    if (error.code == ErrorCode::kContainer) continue;
    return Failed(ErrorCode::kIo,
                  "failed, and the run ends there: the checkpoint counts what "
                  "comes behind",
                  "mend that input, or leave it or --checkpoint out",
                  error.file);
  }
  return {};
}

Result<void> ArchiveSource::Take(const KinesisRecord& from,
                                 const UserRecord& user) {
  NewUserRecord record{.partition_key = packing_.default_partition_key,
                       .data = user.data};
  if (user.partition_key) record.partition_key = AsText(*user.partition_key);
  if (user.explicit_hash_key) {
    record.explicit_hash_key = AsText(*user.explicit_hash_key);
  }
  std::optional<Error> obstacle;
  bool dropped = false;
  bool large = !FitsAggregate(record);
  ShardPlace target = aggregator_.PlaceOf(record);
  if (!user.partition_key && packing_.default_partition_key.empty()) {
    obstacle = Obstacle("a record without a partition key",
                        "give one with --default-partition-key");
  } else if (!HashKeyCanGo(record, large, target)) {
    dropped = packing_.on_unsendable == OnUnsendable::kDropHashKey;
    if (!dropped) obstacle = HashKeyObstacle(*record.explicit_hash_key);
    if (dropped) {
      record.explicit_hash_key.reset();
      large = !FitsAggregate(record);
      target = aggregator_.PlaceOf(record);
    }
  }
  if (!obstacle && large) obstacle = FindObstacle(record);
  if (obstacle) {
    obstacle->file = inputs_[from.source];
    obstacle->offset = from.offset;
    return LeaveOut(std::move(*obstacle), packing_.on_unsendable);
  }
  const Place place = {target.shard, numbers_[target.shard]++};
  if (done_[place.shard].Contains(place.number)) {
    PassOver(place);
    return {};
  }
  if (dropped) CountDroppedHashKey();
  if (!large) return Pack(record, target);
  Send(record, place);
  return {};
}

bool ArchiveSource::FitsAggregate(const NewUserRecord& record) const {
  return packing_.aggregate && BlobSizeAlone(record) <= packing_.blob_bytes;
}

bool ArchiveSource::HashKeyCanGo(const NewUserRecord& record, bool large,
                                 const ShardPlace& target) {
  if (!record.explicit_hash_key) return true;
  if (!large) return !target.unplaced;
  return CheckExplicitHashKey(*record.explicit_hash_key).has_value();
}

std::optional<Error> ArchiveSource::FindObstacle(
    const NewUserRecord& record) const {
  const Result<void> taken =
      CheckPutRecord(AsPutRecord(record), packing_.limits);
  if (taken) return std::nullopt;
  return Obstacle(taken.error().message, taken.error().remedy);
}

// The records of a blob have consecutive numbers.
void ArchiveSource::PassOver(const Place& place) {
  if (packed_[place.shard] != place.number) FinishShard(place.shard);
  packed_[place.shard] = place.number + 1;
  CountSentBefore();
}

Result<void> ArchiveSource::Pack(const NewUserRecord& record,
                                 const ShardPlace& target) {
  const Result<bool> added = aggregator_.AddAt(target, record, &blobs_);
  if (!added) return tl::unexpected(added.error());
  return {};
}

void ArchiveSource::Send(const NewUserRecord& record, const Place& place) {
  FinishShard(place.shard);
  std::optional<std::string> hash_key;
  if (record.explicit_hash_key) hash_key = *record.explicit_hash_key;
  MakeReady({.shard = place.shard,
             .first = place.number,
             .count = 1,
             .data = {record.data.begin(), record.data.end()},
             .partition_key = std::string(record.partition_key),
             .explicit_hash_key = std::move(hash_key)});
  packed_[place.shard] = place.number + 1;
}

void ArchiveSource::FinishShard(size_t shard) {
  if (!packing_.aggregate) return;
  aggregator_.FlushShard(shard, &blobs_);
  Collect();
}

void ArchiveSource::Collect() {
  for (const AggregatedBlob& blob : blobs_.Seal()) {
    OutgoingRecord record = {.shard = blob.shard,
                             .first = packed_[blob.shard],
                             .count = blob.user_records,
                             .data = {blob.bytes.begin(), blob.bytes.end()},
                             .partition_key = std::string(blob.partition_key),
                             .explicit_hash_key = HashKeyText(blob.hash_key)};
    packed_[blob.shard] += blob.user_records;
    // A single record's own key may be too long for the space left by the blob.
    if (CountedBytes(record.View()) > packing_.limits.record_bytes) {
      record.partition_key = kBlobKey;
    }
    MakeReady(std::move(record));
  }
  blobs_.Clear();
}

}  // namespace thresh::kinesis
