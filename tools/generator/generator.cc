// Packs the records of a RecordSource as a producer would: into one blob until
// the next record no longer fits.
#include "generator/generator.h"

#include <optional>
#include <string>
#include <vector>

#include "generator/archive_writer.h"
#include "generator/random.h"
#include "generator/record_source.h"
#include "thresh/batch.h"
#include "thresh/blob_builder.h"

namespace thresh::generator {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
constexpr uint64_t kMaxBytes = uint64_t{64} << 20;  // of a record or a blob
constexpr uint64_t kPlainStream = 100;              // apart from RecordSource's

tl::unexpected<Error> Invalid(std::string message, std::string remedy) {
  return tl::unexpected(Error{.code = ErrorCode::kInvalidArgument,
                              .file = {},
                              .offset = {},
                              .message = std::move(message),
                              .remedy = std::move(remedy)});
}

bool IsShare(double value) { return value >= 0 && value <= 1; }

// Bytes of a blob that holds one user record as large as they come.
uint64_t LargestSingleRecordBlob(const GeneratorOptions& options) {
  const std::string key(RecordSource::kPartitionKeySize, '0');
  const std::string hash_key(RecordSource::kMaxExplicitHashKeySize, '0');
  const std::vector<uint8_t> data(options.record_size.max);
  std::optional<std::string_view> explicit_hash_key;
  if (options.explicit_hash_keys > 0) explicit_hash_key = hash_key;
  return BlobBuilder().SizeWith(key, explicit_hash_key, data);
}

Result<void> CheckSizes(const GeneratorOptions& options) {
  const SizeRange& size = options.record_size;
  if (size.min == 0 || size.min > size.max || size.max > kMaxBytes) {
    return Invalid("record sizes from " + std::to_string(size.min) + " to " +
                       std::to_string(size.max) + " bytes are no range",
                   "give sizes between 1 byte and 64 MiB, the smaller first");
  }
  if (options.blob_size > kMaxBytes) {
    return Invalid("a blob size of " + std::to_string(options.blob_size) +
                       " bytes is too large",
                   "give at most 64 MiB");
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

Result<void> Check(const GeneratorOptions& options) {
  if (options.records == 0) {
    return Invalid("no records asked for", "give at least 1");
  }
  if (options.container == ContainerKind::kAuto) {
    return Invalid("no container to write", "name one");
  }
  if (!IsShare(options.explicit_hash_keys) || !IsShare(options.plain)) {
    return Invalid("a share is outside 0 to 1", "0.25 is a quarter");
  }
  if (options.plain > 0 && options.container == ContainerKind::kBlobs) {
    return Invalid("blobs back to back cannot hold plain records",
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
  Generator(const GeneratorOptions& options, const WriteFunction& write)
      : options_(options),
        source_(options),
        plain_random_(options.seed, kPlainStream),
        archive_(options.container, options.json, write) {}

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
    // Random bytes that begin with the magic would be a damaged aggregate.
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

  bool AddBlob() {
    bool more = true;
    do {
      const GeneratedRecord& record = source_.record();
      std::optional<Bytes> hash_key;
      if (record.explicit_hash_key) {
        hash_key = AsBytes(*record.explicit_hash_key);
      }
      Count({.partition_key = AsBytes(record.partition_key),
             .explicit_hash_key = hash_key,
             .data = record.data,
             .sub_sequence_number = static_cast<uint32_t>(builder_.records()),
             .aggregated = true});
      builder_.Add(record.partition_key, record.explicit_hash_key, record.data);
      more = source_.Next();
    } while (more && Fits(source_.record()));
    blob_.clear();
    builder_.Finish(&blob_);
    archive_.Add(blob_);
    return more;
  }

  [[nodiscard]] bool Fits(const GeneratedRecord& record) const {
    return builder_.SizeWith(record.partition_key, record.explicit_hash_key,
                             record.data) <= options_.blob_size;
  }

  void Count(const UserRecord& record) {
    ++report_.user_records;
    report_.user_bytes += record.data.size();
    report_.content_digest.Add(record);
  }

  const GeneratorOptions& options_;
  RecordSource source_;
  Random plain_random_;
  ArchiveWriter archive_;
  BlobBuilder builder_;
  std::vector<uint8_t> blob_;
  std::vector<uint8_t> plain_;
  GeneratorReport report_;
};

}  // namespace

Result<GeneratorReport> Generate(const GeneratorOptions& options,
                                 const WriteFunction& write) {
  if (Result<void> checked = Check(options); !checked) {
    return tl::unexpected(checked.error());
  }
  return Generator(options, write).Run();
}

}  // namespace thresh::generator
