// The serial part of Aggregate: packs user records into blobs and writes them
// with a RecordWriter to a file. It is independent of the container; the caller
// chooses the writer. While one batch of blobs is filled, the one before it can
// be sealed and written on another thread.
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
  // Packs for `shards`, or without shards if there are none; seals and writes
  // on a separate thread if `beside`. `file` must outlive the packer. Fails for
  // invalid limits or shards.
  [[nodiscard]] static Result<std::unique_ptr<BlobPacker>> Create(
      const AggregatorOptions& limits, std::vector<HashKeyRange> shards,
      std::unique_ptr<RecordWriter> writer, ByteOutput* file, bool beside);
  ~BlobPacker();
  BlobPacker(const BlobPacker&) = delete;
  BlobPacker& operator=(const BlobPacker&) = delete;

  // Packs `record`. Fails as Aggregator::Add does, without effect, or with an
  // error of the file.
  [[nodiscard]] Result<void> Add(const NewUserRecord& record);

  // Writes `record` unpacked, after the earlier records of its shard.
  [[nodiscard]] Result<void> AddPlain(const NewUserRecord& record);

  // Writes the rest. The file is then complete, but not yet committed.
  [[nodiscard]] Result<void> Complete();

  [[nodiscard]] ByteOutput* file() const { return file_; }

  // `bytes` and unplaced counts are final only once Complete has returned.
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
  // From StartWriting to HandOver owned by the writing thread, with the writer
  // and the file.
  BlobBatch sealing_;
  Column<uint8_t> buffer_;
  uint64_t written_ = 0;
  uint64_t unplaced_blobs_ = 0;
  uint64_t unplaced_records_ = 0;
  std::future<Result<void>> writing_;
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_BLOB_PACKER_H_
