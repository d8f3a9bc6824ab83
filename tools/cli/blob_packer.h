// The serial heart of `thresh aggregate`: user records in, blobs through a
// RecordWriter into a file. It knows no container; what it writes with is the
// caller's choice.
#ifndef THRESH_TOOLS_CLI_BLOB_PACKER_H_
#define THRESH_TOOLS_CLI_BLOB_PACKER_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "archive/record_writer.h"
#include "thresh/aggregator.h"
#include "thresh/blob_batch.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"
#include "thresh/shard_aggregator.h"
#include "thresh/sink.h"

namespace thresh::cli {

// What was written.
struct Packed {
  uint64_t user_records = 0;  // in blobs and plain
  uint64_t blobs = 0;
  uint64_t plain_records = 0;
  uint64_t bytes = 0;  // of the file
};

class BlobPacker {
 public:
  // Packs for `shards`, or for none in particular if there are none. `file`
  // must outlive the packer. Fails for limits or shards that make no sense.
  [[nodiscard]] static Result<BlobPacker> Create(
      const AggregatorOptions& limits, std::vector<HashKeyRange> shards,
      std::unique_ptr<archive::RecordWriter> writer, Sink* file);

  // Packs `record`. Fails as Aggregator::Add does, and changes nothing then; or
  // with whatever the file fails with.
  [[nodiscard]] Result<void> Add(const NewUserRecord& record);

  // Writes `record` as it is, behind the records of its shard before it.
  [[nodiscard]] Result<void> AddPlain(const NewUserRecord& record);

  // Writes what is left, and gives the file its name.
  [[nodiscard]] Result<void> Finish();

  [[nodiscard]] const Packed& packed() const { return packed_; }

 private:
  using AnyAggregator = std::variant<Aggregator, ShardAggregator>;

  BlobPacker(AnyAggregator aggregator, std::vector<HashKeyRange> shards,
             std::unique_ptr<archive::RecordWriter> writer, Sink* file)
      : aggregator_(std::move(aggregator)),
        shards_(std::move(shards)),
        writer_(std::move(writer)),
        file_(file) {}

  [[nodiscard]] size_t ShardOf(HashKey key) const;
  [[nodiscard]] std::string_view ShardName(size_t shard) const;
  [[nodiscard]] Result<void> WriteBlobs();
  [[nodiscard]] Result<void> WriteBuffer();

  AnyAggregator aggregator_;
  std::vector<HashKeyRange> shards_;
  std::unique_ptr<archive::RecordWriter> writer_;
  Sink* file_;
  BlobBatch done_;
  Column<uint8_t> buffer_;
  Packed packed_;
};

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_BLOB_PACKER_H_
