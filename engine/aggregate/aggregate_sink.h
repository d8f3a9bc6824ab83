// Passes user records from the archives that they were read from to the blobs
// that they are packed into. Work that does not depend on earlier records is
// done in EncodeTo, on many threads; BlobPacker does the rest, in order.
#ifndef THRESH_AGGREGATE_AGGREGATE_SINK_H_
#define THRESH_AGGREGATE_AGGREGATE_SINK_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "aggregate/aggregate_chunk.h"
#include "aggregate/blob_packer.h"
#include "thresh/content_checksum.h"
#include "thresh/content_digest.h"
#include "thresh/input_list.h"
#include "thresh/record_writer.h"
#include "thresh/sink.h"
#include "thresh/unsendable.h"

namespace thresh {

struct AggregateSinkOptions {
  // The run's inputs, for errors.
  InputList inputs;
  // The key of records that have none; without it they end the run.
  std::optional<std::string> default_key;
  AggregatorOptions limits;  // the packer's
  // Whether records that fit in no blob are written unpacked, if possible;
  // otherwise they end the run.
  bool large_plain = false;
  PlainSupport plain;  // of the packer's writer
  // How to handle records with an explicit hash key that Kinesis rejects, if
  // they are sent to Kinesis; null: they are written.
  std::optional<OnUnsendable> on_unsendable;
  // The remedy for a record that fits in no blob; empty: the packer's.
  std::string too_large_remedy;
  struct Content {
    bool checksum = false;
    bool digest = false;
  } content;
};

class AggregateSink final : public TypedSink<AggregateChunk> {
 public:
  // `packer` must outlive the sink.
  AggregateSink(AggregateSinkOptions options, BlobPacker* packer)
      : options_(std::move(options)), packer_(packer) {}

  Result<void> Complete() override { return packer_->Complete(); }
  Result<void> Finish() override { return packer_->file()->Commit(); }
  Result<std::string> FinishIncomplete() override {
    return packer_->file()->CommitIncomplete();
  }

  // Of what was written, if requested: as its reader will compute it.
  [[nodiscard]] std::optional<ContentChecksum> content_checksum() const {
    if (!options_.content.checksum) return std::nullopt;
    return checksum_;
  }
  [[nodiscard]] std::optional<ContentDigest> content_digest() const {
    if (!options_.content.digest) return std::nullopt;
    return digest_;
  }
  // Records written without their key, as the container has no field for it.
  [[nodiscard]] uint64_t lost_keys() const { return lost_keys_; }
  // For records that Kinesis would reject: how many were left out, why the
  // first was, and how many were written without their explicit hash keys.
  [[nodiscard]] const UnsendableCounts& unsendable() const {
    return unsendable_;
  }

 protected:
  void EncodeTo(const Batch& batch, AggregateChunk* chunk) const override;
  Result<void> WriteFrom(AggregateChunk* chunk) override;

 private:
  [[nodiscard]] RecordRow ToRow(const UserRecordColumns& rows,
                                uint64_t row) const;
  [[nodiscard]] RecordFate FateOf(const NewUserRecord& record) const;
  void ApplyHashKey(RecordRow* row) const;
  [[nodiscard]] bool KeyIsPlain(const NewUserRecord& record) const;
  [[nodiscard]] bool IsWrittenPlain(const NewUserRecord& record) const;
  void AddContent(const Batch& batch, AggregateChunk* chunk) const;
  void AddContentAsWritten(std::span<const RecordRow> rows,
                           AggregateChunk* chunk) const;
  [[nodiscard]] Result<void> Pack(const RecordRow& row, const RowGroup& from);
  [[nodiscard]] Error Located(Error error, const RowGroup& from) const;

  AggregateSinkOptions options_;
  BlobPacker* packer_;
  ContentChecksum checksum_;
  ContentDigest digest_;
  uint64_t lost_keys_ = 0;
  UnsendableCounts unsendable_;
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_AGGREGATE_SINK_H_
