// Packs the records of a RecordSource as a producer would: into one blob until
// the next record does not fit.
#include "generator/generator.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "generator/archive_writer.h"
#include "generator/random.h"
#include "generator/record_source.h"
#include "thresh/aggregator.h"
#include "thresh/batch.h"

namespace thresh::generator {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
constexpr uint64_t kMaxBytes = uint64_t{64} << 20;  // of a record
constexpr uint64_t kPlainStream = 100;  // different from RecordSource's

// The stream name in JSON.
JsonSource SampleSource() {
  return {.region = "us-east-2",
          .stream_arn = "arn:aws:kinesis:us-east-2:123456789012:stream/sample",
          .encryption_type = "KMS"};
}

tl::unexpected<Error> Invalid(std::string message, std::string remedy) {
  return tl::unexpected(Error{.code = ErrorCode::kInvalidArgument,
                              .file = {},
                              .offset = {},
                              .message = std::move(message),
                              .remedy = std::move(remedy)});
}

bool IsShare(double value) { return value >= 0 && value <= 1; }

AggregatorOptions LimitsOf(const GeneratorOptions& options) {
  return {.max_blob_bytes = options.blob_size};
}

NewUserRecord ToAggregate(const GeneratedRecord& record) {
  return {.partition_key = record.partition_key,
          .data = record.data,
          .explicit_hash_key = record.explicit_hash_key};
}

// The size of a blob that holds one user record of the maximum size.
uint64_t LargestSingleRecordBlob(const GeneratorOptions& options) {
  const std::string key(RecordSource::kPartitionKeySize, '0');
  const std::string hash_key(RecordSource::kMaxExplicitHashKeySize, '0');
  const std::vector<uint8_t> data(options.record_size.max);
  std::optional<std::string_view> explicit_hash_key;
  if (options.explicit_hash_keys > 0) explicit_hash_key = hash_key;
  return BlobSizeAlone({key, data, explicit_hash_key});
}

Result<void> CheckSizes(const GeneratorOptions& options) {
  const SizeRange& size = options.record_size;
  if (size.min == 0 || size.min > size.max || size.max > kMaxBytes) {
    return Invalid("record sizes from " + std::to_string(size.min) + " to " +
                       std::to_string(size.max) + " bytes are no range",
                   "give sizes between 1 byte and 64 MiB, the smaller first");
  }
  if (Result<void> limits = CheckAggregatorOptions(LimitsOf(options));
      !limits) {
    return limits;
  }
  const uint64_t needed = LargestSingleRecordBlob(options);
  if (needed > options.blob_size && options.plain < 1) {
    return Invalid("a user record of " + std::to_string(size.max) +
                       " bytes makes a blob of up to " +
                       std::to_string(needed) +
                       " bytes, more than the blob size of " +
                       std::to_string(options.blob_size),
                   "make the blob size larger or the records smaller");
  }
  return {};
}

// `plain` is what the archive keeps of records that are not aggregated.
Result<void> Check(const GeneratorOptions& options, const PlainSupport& plain) {
  if (options.records == 0) {
    return Invalid("no records asked for", "give at least 1");
  }
  if (!IsShare(options.explicit_hash_keys) || !IsShare(options.plain)) {
    return Invalid("a share is outside 0 to 1", "0.25 is a quarter");
  }
  if (options.plain > 0 && !plain.data) {
    return Invalid(std::string(ContainerKindName(options.container)) +
                       " cannot hold plain records",
                   "choose another container");
  }
  if (options.key_distribution == KeyDistribution::kZipf &&
      (options.keys == 0 || options.keys > kMaxZipfKeys)) {
    return Invalid("the zipf distribution needs a number of keys up to " +
                       std::to_string(kMaxZipfKeys),
                   "give fewer keys, or distribute them uniformly");
  }
  return CheckSizes(options);
}

class Generator {
 public:
  Generator(const GeneratorOptions& options, Aggregator aggregator,
            std::unique_ptr<RecordWriter> writer, const WriteFunction& write)
      : options_(options),
        source_(options),
        plain_random_(options.seed, kPlainStream),
        archive_(std::move(writer), write),
        aggregator_(std::move(aggregator)) {
    if (options.content_checksum) report_.content_checksum.emplace();
    if (options.content_digest) report_.content_digest.emplace();
  }

  Result<GeneratorReport> Run() {
    bool more = source_.Next();
    while (more) {
      more = plain_random_.Chance(options_.plain) ? AddPlain() : AddBlob();
      if (!more) archive_.Finish();
      if (archive_.pending() >= kPieceBytes || !more) {
        if (Result<void> done = archive_.Flush(); !done) {
          return tl::unexpected(done.error());
        }
        report_.bytes = archive_.bytes();
        if (options_.progress) {
          options_.progress({report_.user_records, report_.bytes});
        }
      }
    }
    report_.kinesis_records = archive_.records();
    return report_;
  }

 private:
  // Both add one Kinesis record that begins with the source's current record,
  // and return whether the source has another.
  bool AddPlain() {
    const Bytes data = source_.record().data;
    // Random bytes that start with the magic would be a damaged aggregate.
    plain_.assign(data.begin(), data.end());
    if (plain_[0] == 0xF3) plain_[0] = 0;
    const std::optional<std::string> key = archive_.NextPartitionKey();
    std::optional<Bytes> partition_key;
    if (key.has_value()) partition_key = AsBytes(*key);
    Count({.partition_key = partition_key,
           .explicit_hash_key = {},
           .data = plain_,
           .sub_sequence_number = 0,
           .aggregated = false});
    archive_.Add(plain_);
    return source_.Next();
  }

  // The blob ends when the next record does not fit. Records that do not fit in
  // any blob have been ruled out.
  bool AddBlob() {
    bool more = true;
    do {
      const GeneratedRecord& record = source_.record();
      std::optional<Bytes> hash_key;
      if (record.explicit_hash_key) {
        hash_key = AsBytes(*record.explicit_hash_key);
      }
      Count(
          {.partition_key = AsBytes(record.partition_key),
           .explicit_hash_key = hash_key,
           .data = record.data,
           .sub_sequence_number = static_cast<uint32_t>(aggregator_.records()),
           .aggregated = true});
      static_cast<void>(aggregator_.Add(ToAggregate(record), &blobs_));
      more = source_.Next();
    } while (more && aggregator_.SizeWith(ToAggregate(source_.record())) <=
                         options_.blob_size);
    aggregator_.Flush(&blobs_);
    archive_.Add(blobs_.Seal().front().bytes);
    blobs_.Clear();
    return more;
  }

  void Count(const UserRecord& record) {
    ++report_.user_records;
    report_.user_bytes += record.data.size();
    if (report_.content_checksum.has_value()) {
      report_.content_checksum->Add(record);
    }
    if (report_.content_digest.has_value()) {
      report_.content_digest->Add(std::span(&record, 1));
    }
  }

  const GeneratorOptions& options_;
  RecordSource source_;
  Random plain_random_;
  ArchiveWriter archive_;
  Aggregator aggregator_;
  BlobBatch blobs_;
  std::vector<uint8_t> plain_;
  GeneratorReport report_;
};

}  // namespace

Result<GeneratorReport> Generate(const GeneratorOptions& options,
                                 const WriteFunction& write) {
  Result<std::unique_ptr<RecordWriter>> writer = NewRecordWriter(
      {.container = options.container, .json = options.json}, SampleSource());
  if (!writer) return tl::unexpected(std::move(writer.error()));
  if (Result<void> checked = Check(options, (*writer)->plain()); !checked) {
    return tl::unexpected(checked.error());
  }
  Result<Aggregator> aggregator = Aggregator::Create(LimitsOf(options));
  if (!aggregator) return tl::unexpected(aggregator.error());
  return Generator(options, *std::move(aggregator), *std::move(writer), write)
      .Run();
}

}  // namespace thresh::generator
