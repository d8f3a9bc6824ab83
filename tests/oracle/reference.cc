// One Kinesis record: its digest, its message through protobuf's codec, its
// verdict; and the content checksum of the resulting user records.
#include "oracle/reference.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include <cstdio>

#include "aggregated_record.pb.h"

namespace thresh::oracle {
namespace {

constexpr size_t kSmallestAggregate = 21;

// Resolves the indices of `record`. Returns false if one is out of range.
bool Resolve(const AggregatedRecord& message, const Record& record,
             ReferenceRecord* out, bool* names_absent_table) {
  const auto& keys = message.partition_key_table();
  const auto& hash_keys = message.explicit_hash_key_table();
  *names_absent_table = false;
  if (record.partition_key_index() >= static_cast<uint64_t>(keys.size())) {
    return false;
  }
  out->partition_key = keys.Get(static_cast<int>(record.partition_key_index()));
  if (record.has_explicit_hash_key_index()) {
    const uint64_t index = record.explicit_hash_key_index();
    if (hash_keys.empty()) {
      *names_absent_table = true;
    } else if (index >= static_cast<uint64_t>(hash_keys.size())) {
      return false;
    } else {
      out->explicit_hash_key = hash_keys.Get(static_cast<int>(index));
    }
  }
  out->data = record.data();
  out->aggregated = true;
  return true;
}

// Sets the verdict and user records of `row` from a message that parsed.
void TakeApart(const AggregatedRecord& message, ReferenceRow* row) {
  for (const Record& record : message.records()) {
    ReferenceRecord user_record;
    bool names_absent_table = false;
    if (!Resolve(message, record, &user_record, &names_absent_table)) {
      row->verdict = ReferenceVerdict::kKeyIndexOutOfRange;
      row->user_records.clear();
      row->explicit_hash_keys_without_table = 0;
      return;
    }
    user_record.sub_sequence_number =
        static_cast<uint32_t>(row->user_records.size());
    row->user_records.push_back(std::move(user_record));
    row->explicit_hash_keys_without_table += names_absent_table ? 1 : 0;
  }
  row->verdict = row->user_records.empty() ? ReferenceVerdict::kEmptyAggregate
                                           : ReferenceVerdict::kAggregated;
}

void AppendU64(uint64_t value, std::string* out) {
  for (int shift = 0; shift < 64; shift += 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

}  // namespace

std::string Md5(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_md5(), nullptr);
  return {reinterpret_cast<const char*>(digest), size};
}

std::string Seal(std::string_view message) {
  return std::string(kReferenceMagic) + std::string(message) + Md5(message);
}

ReferenceRecord WholeRecord(std::string_view record) {
  ReferenceRecord whole;
  whole.data = std::string(record);
  return whole;
}

ReferenceRow Judge(std::string_view record) {
  ReferenceRow row;
  row.length = record.size();
  row.bytes = std::string(record);
  if (record.size() < kSmallestAggregate ||
      !record.starts_with(kReferenceMagic)) {
    row.verdict = ReferenceVerdict::kNotAggregated;
    row.user_records.push_back(WholeRecord(record));
    return row;
  }
  const std::string_view message = record.substr(4, record.size() - 20);
  if (Md5(message) != record.substr(record.size() - 16)) {
    row.verdict = ReferenceVerdict::kDigestMismatch;
    return row;
  }
  AggregatedRecord parsed;
  if (!parsed.ParsePartialFromString(std::string(message)) ||
      !parsed.IsInitialized()) {
    row.verdict = ReferenceVerdict::kMalformed;
    return row;
  }
  TakeApart(parsed, &row);
  return row;
}

void ReferenceChecksum::Add(const ReferenceRecord& record) {
  const std::string none;
  const std::string& key = record.partition_key.value_or(none);
  const std::string& hash_key = record.explicit_hash_key.value_or(none);
  std::string encoding;
  AppendU64(record.partition_key ? key.size() + 1 : 0, &encoding);
  AppendU64(record.explicit_hash_key ? hash_key.size() + 1 : 0, &encoding);
  AppendU64(record.data.size() + 1, &encoding);
  encoding += key + hash_key + record.data;
  const XXH128_hash_t hash = XXH3_128bits(encoding.data(), encoding.size());
  sum_[0] += hash.low64;
  const uint64_t carry = sum_[0] < hash.low64 ? 1 : 0;
  sum_[1] += hash.high64 + carry;
}

std::string ReferenceChecksum::ToHex() const {
  char text[33];
  std::snprintf(text, sizeof(text), "%016llx%016llx",
                static_cast<unsigned long long>(sum_[1]),
                static_cast<unsigned long long>(sum_[0]));
  return text;
}

}  // namespace thresh::oracle
