// Reads archives for sending to a stream: records are deaggregated and
// aggregated again for the current shards of the stream.
#ifndef THRESH_TOOLS_KINESIS_ARCHIVE_SOURCE_H_
#define THRESH_TOOLS_KINESIS_ARCHIVE_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kinesis/acknowledged.h"
#include "kinesis/record_source.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/hash_key.h"
#include "thresh/shard_aggregator.h"

namespace thresh::kinesis {

struct PackOptions {
  // Whether user records are packed into aggregates, each for one shard;
  // otherwise each is a Kinesis record.
  bool aggregate = true;
  uint64_t blob_bytes = kKplBlobLimit;  // less than limits.record_bytes
  PutLimits limits;
  // For records without a partition key; empty: they cannot be sent.
  std::string default_partition_key;
  OnUnsendable on_unsendable = OnUnsendable::kFail;
  // Whether an input that fails ends the run, unless the failure is in its
  // content: a later run may read more of it and would number all following
  // records differently. If false, the run continues with the next input.
  bool numbers_must_last = false;
};

class ArchiveSource : public RecordSource {
 public:
  // `shards` must cover all hash keys (CheckShards). `done` has an element for
  // each shard; the records in it are left out.
  [[nodiscard]] static Result<std::unique_ptr<ArchiveSource>> Open(
      const InputList& inputs, const Options& reading,
      const PackOptions& packing, const std::vector<HashKeyRange>& shards,
      std::vector<Acknowledged> done);

  // The report on what was read.
  [[nodiscard]] const Report& report() const { return reader_.report(); }

 private:
  // The shard and number of a user record.
  struct Place {
    size_t shard;
    uint64_t number;
  };

  ArchiveSource(BatchReader reader, ShardAggregator aggregator,
                InputList inputs, PackOptions packing,
                const std::vector<HashKeyRange>& shards,
                std::vector<Acknowledged> done);

  // Takes user records of the next Kinesis record until one is ready; at the
  // end, flushes open aggregates.
  Result<void> ReadOn() override;
  // Returns an error if the numbers of the following records may change in a
  // later run.
  Result<void> CheckInputs();
  Result<void> Take(const KinesisRecord& from, const UserRecord& user);
  // Whether `record` is sent in an aggregate; otherwise it is sent by itself.
  [[nodiscard]] bool FitsAggregate(const NewUserRecord& record) const;
  // Whether its explicit hash key can be sent: in an aggregate, any that
  // determines a shard; for a record too `large` for one, only one in the form
  // that Kinesis accepts.
  [[nodiscard]] static bool HashKeyCanGo(const NewUserRecord& record,
                                         bool large, const ShardPlace& target);
  // Returns the reason if `record` cannot be sent by itself.
  [[nodiscard]] std::optional<Error> FindObstacle(
      const NewUserRecord& record) const;
  // Skips a record that was sent before.
  void PassOver(const Place& place);
  Result<void> Pack(const NewUserRecord& record, const ShardPlace& target);
  void Send(const NewUserRecord& record, const Place& place);
  void FinishShard(size_t shard);
  // Moves the finished blobs to ready_.
  void Collect();

  BatchReader reader_;
  ShardAggregator aggregator_;
  InputList inputs_;
  PackOptions packing_;
  std::vector<Acknowledged> done_;
  std::vector<uint64_t> numbers_;  // of the next record of each shard
  std::vector<uint64_t> packed_;   // of the first that is not in ready_ yet
  BlobBatch blobs_;
  std::shared_ptr<const Batch> batch_;
  size_t row_ = 0;           // the next Kinesis record in batch_
  uint32_t user_ = 0;        // the next of its user records
  size_t input_errors_ = 0;  // number of those that were checked
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_ARCHIVE_SOURCE_H_
