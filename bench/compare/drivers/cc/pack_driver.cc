// Packing: the user records of an archive, which are in memory, are packed into
// exactly the blobs that they came from, on one thread.
//   usage: compare_pack thresh|protobuf|arena BLOB_BYTES FILE
// thresh: the Aggregator; protobuf, arena: protobuf's C++ codec and OpenSSL's
// MD5, given the blob boundaries in advance. A packer whose blobs differ from
// the archive's in any byte is not timed.
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>
#include <vector>

#include "protobuf_packer.h"
#include "serve.h"
#include "thresh/aggregator.h"
#include "thresh/batch_reader.h"

namespace thresh::compare {
namespace {

using Take = std::function<void(Bytes)>;
using Packer = std::function<void(const Take&)>;

// The records to pack, as views into its own memory.
class UserRecords {
 public:
  explicit UserRecords(const std::string& path) {
    std::error_code error;
    // More than all data, so that it is not reallocated.
    data_.reserve(std::filesystem::file_size(path, error));
    if (error) Fail("cannot read " + path + ": " + error.message());
    Options options;
    options.container = ContainerKind::kU32Le;
    options.on_suspect = SuspectPolicy::kFail;
    Result<BatchReader> reader = BatchReader::Open({path}, options);
    if (!reader) Fail(reader.error().ToString());
    for (;;) {
      const Result<std::shared_ptr<const Batch>> batch = reader->Next();
      if (!batch) Fail(batch.error().ToString());
      if (*batch == nullptr) return;
      const uint64_t before = per_blob_.size();
      ForEachUserRecord(**batch,
                        [&](const KinesisRecord&, const UserRecord& user) {
                          if (!user.aggregated)
                            Fail("a record is not aggregated");
                          if (user.sub_sequence_number == 0)
                            per_blob_.push_back(0);
                          ++per_blob_.back();
                          Append(user);
                        });
      if (per_blob_.size() - before != (*batch)->kinesis_records.size()) {
        Fail("an aggregate without user records");
      }
    }
  }

  [[nodiscard]] const std::vector<NewUserRecord>& all() const { return all_; }
  // The number of records in each blob of the archive.
  [[nodiscard]] const std::vector<size_t>& per_blob() const {
    return per_blob_;
  }

 private:
  std::string_view Own(Bytes key) { return *keys_.emplace(AsText(key)).first; }

  void Append(const UserRecord& user) {
    NewUserRecord record;
    record.partition_key = Own(user.partition_key.value());
    if (user.explicit_hash_key) {
      record.explicit_hash_key = Own(*user.explicit_hash_key);
    }
    const size_t begin = data_.size();
    data_.insert(data_.end(), user.data.begin(), user.data.end());
    record.data = Bytes(data_).subspan(begin);
    all_.push_back(record);
  }

  std::unordered_set<std::string> keys_;
  std::vector<uint8_t> data_;
  std::vector<NewUserRecord> all_;
  std::vector<size_t> per_blob_;
};

// Both keep their memory between passes.
Packer ThreshPacker(const UserRecords& records, uint64_t blob_bytes) {
  Result<Aggregator> created =
      Aggregator::Create({.max_blob_bytes = blob_bytes});
  if (!created) Fail(created.error().ToString());
  auto aggregator = std::make_shared<Aggregator>(std::move(*created));
  return [&records, aggregator,
          done = std::make_shared<BlobBatch>()](const Take& take) {
    const auto drain = [&] {
      for (const AggregatedBlob& blob : done->Seal()) take(blob.bytes);
      done->Clear();
    };
    for (std::span<const NewUserRecord> rest(records.all()); !rest.empty();) {
      const Result<size_t> added = aggregator->AddMany(rest, done.get());
      if (!added) Fail(added.error().ToString());
      rest = rest.subspan(*added);
      if (done->full()) drain();
    }
    aggregator->Flush(done.get());
    drain();
  };
}

Packer PeerPacker(const UserRecords& records, bool arena) {
  return [&records, arena, packer = std::make_shared<bench::ProtobufPacker>()](
             const Take& take) {
    std::span<const NewUserRecord> rest(records.all());
    for (const size_t count : records.per_blob()) {
      packer->Pack(rest.first(count), arena, take);
      rest = rest.subspan(count);
    }
  };
}

void RequireSameBlobs(const Archive& archive, const Packer& pack) {
  size_t blobs = 0;
  pack([&](Bytes blob) {
    if (blobs >= archive.records().size() ||
        !std::ranges::equal(blob, archive.records()[blobs])) {
      Fail("blob " + std::to_string(blobs) + " is not that of the archive");
    }
    ++blobs;
  });
  if (blobs != archive.records().size()) Fail("blobs are missing");
}

Pass Run(const UserRecords& records, const Packer& pack) {
  Pass pass = {.user_records = records.all().size()};
  pack([&](Bytes blob) { pass.bytes += blob.size(); });
  return pass;
}

int Main(int argc, char** argv) {
  const std::string_view who = argc == 4 ? argv[1] : "";
  if (who != "thresh" && who != "protobuf" && who != "arena") {
    Fail("usage: compare_pack thresh|protobuf|arena BLOB_BYTES FILE");
  }
  const UserRecords records(argv[3]);
  const Packer pack =
      who == "thresh"
          ? ThreshPacker(records, std::strtoull(argv[2], nullptr, 10))
          : PeerPacker(records, who == "arena");
  RequireSameBlobs(Archive(argv[3]), pack);
  const std::string versions =
      who == "thresh" ? std::string(R"({"thresh":")" THRESH_VERSION R"("})")
                      : R"({"protobuf":")" +
                            google::protobuf::internal::VersionString(
                                GOOGLE_PROTOBUF_VERSION) +
                            R"(","openssl":")" +
                            OpenSSL_version(OPENSSL_VERSION_STRING) + "\"}";
  return Serve({versions, [&] { return Run(records, pack); }, nullptr});
}

}  // namespace
}  // namespace thresh::compare

int main(int argc, char** argv) { return thresh::compare::Main(argc, argv); }
