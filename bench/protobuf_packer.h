// The program that users would otherwise write to pack user records, with
// protobuf's C++ codec and OpenSSL's MD5. It is given the blob boundaries, so
// it does not measure sizes.
#ifndef THRESH_BENCH_PROTOBUF_PACKER_H_
#define THRESH_BENCH_PROTOBUF_PACKER_H_

#include <google/protobuf/arena.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aggregated_record.pb.h"
#include "thresh/aggregator.h"

namespace thresh::bench {

// Sealing, and the index of a key in its table, which protobuf does not
// provide.
class ProtobufPacker {
 public:
  ProtobufPacker() : digest_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {}

  void Pack(std::span<const NewUserRecord> records, bool arena,
            const std::function<void(Bytes)>& take) {
    if (!arena) {
      message_.Clear();
      Fill(records, &message_);
      Seal(message_, take);
      return;
    }
    arena_.Reset();
    auto* const message =
        google::protobuf::Arena::CreateMessage<oracle::AggregatedRecord>(
            &arena_);
    Fill(records, message);
    Seal(*message, take);
  }

 private:
  using Table = google::protobuf::RepeatedPtrField<std::string>;
  using Indices = std::unordered_map<std::string_view, uint64_t>;

  static uint64_t IndexOf(std::string_view key, Indices* indices,
                          Table* table) {
    const auto [at, is_new] = indices->try_emplace(key, indices->size());
    if (is_new) table->Add()->assign(key.data(), key.size());
    return at->second;
  }

  void Fill(std::span<const NewUserRecord> records,
            oracle::AggregatedRecord* message) {
    keys_.clear();
    hash_keys_.clear();
    for (const NewUserRecord& from : records) {
      oracle::Record* const record = message->add_records();
      record->set_partition_key_index(IndexOf(
          from.partition_key, &keys_, message->mutable_partition_key_table()));
      if (from.explicit_hash_key) {
        record->set_explicit_hash_key_index(
            IndexOf(*from.explicit_hash_key, &hash_keys_,
                    message->mutable_explicit_hash_key_table()));
      }
      record->set_data(from.data.data(), from.data.size());
    }
  }

  void Seal(const oracle::AggregatedRecord& message,
            const std::function<void(Bytes)>& take) {
    const size_t size = message.ByteSizeLong();
    blob_.resize(4 + size + 16);
    std::copy_n("\xF3\x89\x9A\xC2", 4, blob_.begin());
    message.SerializeWithCachedSizesToArray(blob_.data() + 4);
    EVP_DigestInit_ex2(digest_.get(), EVP_md5(), nullptr);
    EVP_DigestUpdate(digest_.get(), blob_.data() + 4, size);
    EVP_DigestFinal_ex(digest_.get(), blob_.data() + 4 + size, nullptr);
    take(blob_);
  }

  oracle::AggregatedRecord message_;
  google::protobuf::Arena arena_;
  Indices keys_;
  Indices hash_keys_;
  std::vector<uint8_t> blob_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
};

}  // namespace thresh::bench

#endif  // THRESH_BENCH_PROTOBUF_PACKER_H_
