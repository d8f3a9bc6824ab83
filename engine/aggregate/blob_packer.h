// The serial part of Aggregate: user records in, blobs through a
// RecordWriter into a file. It knows no container; what it writes with is the
// caller's choice. While one batch of blobs is filled, the one before it can be
// sealed and written on another thread.
#ifndef THRESH_AGGREGATE_BLOB_PACKER_H_
#define THRESH_AGGREGATE_BLOB_PACKER_H_

#include <cstdint>
#include <future>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "thresh/aggregate.h"
#include "thresh/aggregator.h"
#include "thresh/blob_batch.h"
#include "thresh/byte_output.h"
#include "thresh/hash_key.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"
#include "thresh/shard_aggregator.h"

namespace thresh {

class BlobPacker {
 public:
  // Packs for `shards`, or for none in particular if there are none; seals and
  // writes on a thread of its own if `beside`. `file` must outlive the packer.
  // Fails for limits or shards that make no sense.
  [[nodiscard]] static Result<std::unique_ptr<BlobPacker>> Create(
      const AggregatorOptions& limits, std::vector<HashKeyRange> shards,
      std::unique_ptr<RecordWriter> writer, ByteOutput* file, bool beside);
  ~BlobPacker();
  BlobPacker(const BlobPacker&) = delete;
  BlobPacker& operator=(const BlobPacker&) = delete;

  // Packs `record`. Fails as Aggregator::Add does, and changes nothing then; or
  // with whatever the file fails with.
  [[nodiscard]] Result<void> Add(const NewUserRecord& record);

  // Writes `record` as it is, behind the records of its shard before it.
  [[nodiscard]] Result<void> AddPlain(const NewUserRecord& record);

  // Writes what is left. The file is then complete, and yet to be committed.
  [[nodiscard]] Result<void> Complete();

  [[nodiscard]] ByteOutput* file() const { return file_; }

  // `bytes` and what is unplaced only once Complete has returned.
  [[nodiscard]] const PackedCounts& packed() const { return packed_; }

 private:
  using AnyAggregator = std::variant<Aggregator, ShardAggregator>;

  BlobPacker(AnyAggregator aggregator, std::vector<HashKeyRange> shards,
             std::unique_ptr<RecordWriter> writer, ByteOutput* file,
             bool beside)
      : aggregator_(std::move(aggregator)),
        shards_(std::move(shards)),
        writer_(std::move(writer)),
        file_(file),
        beside_(beside) {}

  [[nodiscard]] std::string_view ShardName(size_t shard) const;
  [[nodiscard]] Result<void> StartWriting();
  [[nodiscard]] Result<void> WriteDone();
  [[nodiscard]] Result<void> HandOver();
  [[nodiscard]] Result<void> WriteBlobs();
  [[nodiscard]] Result<void> WriteBuffer();

  AnyAggregator aggregator_;
  std::vector<HashKeyRange> shards_;
  std::unique_ptr<RecordWriter> writer_;
  ByteOutput* file_;
  bool beside_;
  BlobBatch done_;
  PackedCounts packed_;
  // From StartWriting to HandOver the writing thread's, with the writer and the
  // file.
  BlobBatch sealing_;
  Column<uint8_t> buffer_;
  uint64_t written_ = 0;
  uint64_t unplaced_blobs_ = 0;
  uint64_t unplaced_records_ = 0;
  std::future<Result<void>> writing_;
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_BLOB_PACKER_H_
