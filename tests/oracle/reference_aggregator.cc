// See reference_aggregator.h.
#include "oracle/reference_aggregator.h"

#include <openssl/bn.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "aggregated_record.pb.h"

namespace thresh::oracle {
namespace {

uint64_t IndexOf(const std::string& key,
                 google::protobuf::RepeatedPtrField<std::string>* table) {
  const auto found = std::find(table->begin(), table->end(), key);
  if (found != table->end()) {
    return static_cast<uint64_t>(found - table->begin());
  }
  *table->Add() = key;
  return static_cast<uint64_t>(table->size()) - 1;
}

}  // namespace

std::string BlobOf(std::span<const ReferenceRecord> records) {
  AggregatedRecord message;
  for (const ReferenceRecord& from : records) {
    Record* const record = message.add_records();
    record->set_partition_key_index(IndexOf(
        from.partition_key.value(), message.mutable_partition_key_table()));
    if (from.explicit_hash_key) {
      record->set_explicit_hash_key_index(IndexOf(
          *from.explicit_hash_key, message.mutable_explicit_hash_key_table()));
    }
    record->set_data(from.data);
  }
  return Seal(message.SerializeAsString());
}

ReferenceAggregation Aggregate(std::span<const ReferenceRecord> records,
                               size_t max_bytes, size_t max_records) {
  ReferenceAggregation result;
  std::vector<ReferenceRecord> placed;
  std::vector<ReferenceRecord> unplaced;
  const auto finish = [&](std::vector<ReferenceRecord>* open) {
    if (open->empty()) return;
    result.blobs.push_back(BlobOf(*open));
    result.contents.push_back(std::move(*open));
    open->clear();
  };
  for (size_t i = 0; i < records.size(); ++i) {
    if (BlobOf(records.subspan(i, 1)).size() > max_bytes) {
      result.refused.push_back(i);
      continue;
    }
    std::vector<ReferenceRecord>& open =
        HashKeyHex(records[i]).empty() ? unplaced : placed;
    open.push_back(records[i]);
    if (BlobOf(open).size() > max_bytes ||
        (max_records != 0 && open.size() > max_records)) {
      open.pop_back();
      finish(&open);
      open.push_back(records[i]);
    }
    open.back().aggregated = true;
    open.back().sub_sequence_number = static_cast<uint32_t>(open.size() - 1);
  }
  finish(&placed);
  finish(&unplaced);
  return result;
}

std::string HashKeyHex(const ReferenceRecord& record) {
  std::string hex;
  if (!record.explicit_hash_key) {
    for (const char c : Md5(record.partition_key.value())) {
      char digits[3];
      std::snprintf(digits, sizeof(digits), "%02X", static_cast<uint8_t>(c));
      hex += digits;
    }
    return hex;
  }
  const std::string& text = *record.explicit_hash_key;
  if (text.empty() || text.size() > 1000 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return {};
  }
  BIGNUM* number = nullptr;
  BN_dec2bn(&number, text.c_str());
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> owner(number, BN_free);
  if (BN_num_bits(number) > 128) return {};
  char* const digits = BN_bn2hex(number);
  hex = digits;
  OPENSSL_free(digits);
  hex.erase(0, hex.find_first_not_of('0'));  // all of it for 0
  return std::string(32 - hex.size(), '0') + hex;
}

}  // namespace thresh::oracle
