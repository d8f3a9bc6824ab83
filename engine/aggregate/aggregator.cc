// See aggregator.h.
#include "thresh/aggregator.h"

#include <string>
#include <utility>

#include "aggregate/blob_filler.h"
#include "aggregate/open_blob.h"
#include "base/errors.h"
#include "digest/keyed_hash.h"

namespace thresh {
namespace {

Result<void> CheckLimit(uint64_t limit, const char* of) {
  if (limit >= kMinBlobLimit && limit <= kMaxBlobLimit) return {};
  return tl::unexpected(InvalidArgument(
      "a limit of " + std::to_string(limit) + " bytes for " + of,
      "give one from " + std::to_string(kMinBlobLimit) + " to " +
          std::to_string(kMaxBlobLimit)));
}

}  // namespace

Result<void> CheckAggregatorOptions(const AggregatorOptions& options) {
  if (Result<void> ok = CheckLimit(options.max_blob_bytes, "blobs"); !ok) {
    return ok;
  }
  if (Result<void> ok = CheckLimit(options.max_plain_bytes, "plain records");
      !ok) {
    return ok;
  }
  return DrawHashSecret();
}

size_t BlobSizeAlone(const NewUserRecord& record) {
  std::optional<uint64_t> hash_key_index;
  size_t size = kEmptyBlobSize + KeyFieldSize(record.partition_key.size());
  if (record.explicit_hash_key) {
    hash_key_index = 0;
    size += KeyFieldSize(record.explicit_hash_key->size());
  }
  return size + RecordFieldSize(
                    RecordContentSize(0, hash_key_index, record.data.size()));
}

struct Aggregator::State {
  BlobFiller* FillerFor(const NewUserRecord& record) {
    return IsUnplaced(record) ? &unplaced : &placed;
  }

  AggregatorOptions limits;
  BlobFiller placed{{.shard = 0, .unplaced = false}};
  BlobFiller unplaced{{.shard = 0, .unplaced = true}};
};

Result<Aggregator> Aggregator::Create(const AggregatorOptions& options) {
  if (Result<void> ok = CheckAggregatorOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  auto state = std::make_unique<State>();
  state->limits = options;
  return Aggregator(std::move(state));
}

Aggregator::Aggregator(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
Aggregator::~Aggregator() = default;
Aggregator::Aggregator(Aggregator&&) noexcept = default;
Aggregator& Aggregator::operator=(Aggregator&&) noexcept = default;

Result<bool> Aggregator::Add(const NewUserRecord& record, BlobBatch* done) {
  return state_->FillerFor(record)->Add(state_->limits, HashedRecord(record),
                                        std::nullopt, done);
}

Result<size_t> Aggregator::AddMany(std::span<const NewUserRecord> records,
                                   BlobBatch* done) {
  size_t added = 0;
  while (added < records.size()) {
    const auto rest = records.subspan(added);
    if (IsUnplaced(rest.front())) {
      if (Result<bool> one = Add(rest.front(), done); !one) {
        if (added > 0) break;
        return tl::unexpected(std::move(one.error()));
      }
      ++added;
    } else {
      Result<size_t> run = state_->placed.AddMany(state_->limits, rest, done);
      if (!run) {
        if (added > 0) break;
        return run;
      }
      added += *run;
    }
    if (done->full()) break;
  }
  return added;
}

size_t Aggregator::Flush(BlobBatch* done) {
  size_t blobs = state_->placed.Flush(done) ? 1 : 0;
  blobs += state_->unplaced.Flush(done) ? 1 : 0;
  return blobs;
}

size_t Aggregator::records() const {
  return state_->placed.blob().records() + state_->unplaced.blob().records();
}

size_t Aggregator::size() const {
  return state_->placed.size() + state_->unplaced.size();
}

size_t Aggregator::SizeWith(const NewUserRecord& record) const {
  return state_->FillerFor(record)->SizeWith(record);
}

bool Aggregator::FitsPlain(const NewUserRecord& record) const {
  return thresh::FitsPlain(state_->limits, record);
}

}  // namespace thresh
