// Archives on their way to a stream: taken apart, and packed again for the
// shards that the stream has now.
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
  // Whether user records are packed into aggregates, one shard's in each;
  // otherwise each is a Kinesis record.
  bool aggregate = true;
  uint64_t blob_bytes = kKplBlobLimit;  // less than limits.record_bytes
  PutLimits limits;
  // For records without a partition key; empty: these cannot be sent.
  std::string default_partition_key;
  OnUnsendable on_unsendable = OnUnsendable::kFail;
  // Whether an input that fails ends the run, unless its content is the reason.
  // A later run, which may read more of it, would number all that comes behind
  // otherwise. If not, the next input follows.
  bool numbers_must_last = false;
};

class ArchiveSource : public RecordSource {
 public:
  // `shards` must cover all hash keys (CheckShards). Of each shard the records
  // that `done` has, which has an element for each, are left out.
  [[nodiscard]] static Result<std::unique_ptr<ArchiveSource>> Open(
      const InputList& inputs, const Options& reading,
      const PackOptions& packing, const std::vector<HashKeyRange>& shards,
      std::vector<Acknowledged> done);

  // Of what was read.
  [[nodiscard]] const Report& report() const { return reader_.report(); }

 private:
  // A user record on its way, with what places it.
  struct Place {
    size_t shard;
    uint64_t number;
  };

  ArchiveSource(BatchReader reader, ShardAggregator aggregator,
                InputList inputs, PackOptions packing,
                const std::vector<HashKeyRange>& shards,
                std::vector<Acknowledged> done);

  // Takes user records of one more Kinesis record, until something is ready, or
  // what is open at the end.
  Result<void> ReadOn() override;
  // An error if the numbers of what comes now may not last.
  Result<void> CheckInputs();
  Result<void> Take(const KinesisRecord& from, const UserRecord& user);
  // Whether `record` is sent in an aggregate; else by itself.
  [[nodiscard]] bool FitsAggregate(const NewUserRecord& record) const;
  // Whether its explicit hash key can go there: into an aggregate any that
  // places it, if it is too `large` for one only one as Kinesis spells it.
  [[nodiscard]] static bool HashKeyCanGo(const NewUserRecord& record,
                                         bool large, const ShardPlace& target);
  // Why `record` cannot be sent by itself, if so.
  [[nodiscard]] std::optional<Error> FindObstacle(
      const NewUserRecord& record) const;
  // Leaves out a record that was sent before.
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
  size_t row_ = 0;           // of batch_: the next Kinesis record
  uint32_t user_ = 0;        // the next one of its user records
  size_t input_errors_ = 0;  // those that were looked at
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_ARCHIVE_SOURCE_H_
