// See aggregator.h.
#include "thresh/aggregator.h"

#include <string>
#include <utility>

#include "aggregate/blob_filler.h"
#include "aggregate/open_blob.h"

namespace thresh {
namespace {

Result<void> CheckLimit(uint64_t limit, const char* of) {
  if (limit >= kMinBlobLimit && limit <= kMaxBlobLimit) return {};
  return tl::unexpected(Error{
      .code = ErrorCode::kInvalidArgument,
      .file = {},
      .offset = {},
      .message = "a limit of " + std::to_string(limit) + " bytes for " + of,
      .remedy = "give one from " + std::to_string(kMinBlobLimit) + " to " +
                std::to_string(kMaxBlobLimit)});
}

}  // namespace

Result<void> CheckAggregatorOptions(const AggregatorOptions& options) {
  if (Result<void> ok = CheckLimit(options.max_blob_bytes, "blobs"); !ok) {
    return ok;
  }
  return CheckLimit(options.max_plain_bytes, "plain records");
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
  AggregatorOptions limits;
  BlobFiller filler{0};
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
  return state_->filler.Add(state_->limits, HashedRecord(record), std::nullopt,
                            done);
}

Result<size_t> Aggregator::AddMany(std::span<const NewUserRecord> records,
                                   BlobBatch* done) {
  return state_->filler.AddMany(state_->limits, records, done);
}

bool Aggregator::Flush(BlobBatch* done) { return state_->filler.Flush(done); }

size_t Aggregator::records() const { return state_->filler.blob().records(); }

size_t Aggregator::size() const {
  return records() == 0 ? 0 : state_->filler.blob().size();
}

size_t Aggregator::SizeWith(const NewUserRecord& record) const {
  return state_->filler.SizeWith(record);
}

bool Aggregator::FitsPlain(const NewUserRecord& record) const {
  return thresh::FitsPlain(state_->limits, record);
}

}  // namespace thresh
