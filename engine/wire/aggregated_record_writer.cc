// Every field number here is below 16 and every record has the same field
// order as the schema, which is all that it takes to write what protobuf does.
#include "wire/aggregated_record_writer.h"

#include "wire/varint.h"

namespace thresh {
namespace {

constexpr uint32_t kPartitionKeyTable = MakeTag(1, WireType::kLengthDelimited);
constexpr uint32_t kExplicitHashKeyTable =
    MakeTag(2, WireType::kLengthDelimited);
constexpr uint32_t kRecords = MakeTag(3, WireType::kLengthDelimited);
constexpr uint32_t kPartitionKeyIndex = MakeTag(1, WireType::kVarint);
constexpr uint32_t kExplicitHashKeyIndex = MakeTag(2, WireType::kVarint);
constexpr uint32_t kData = MakeTag(3, WireType::kLengthDelimited);

constexpr size_t kTagSize = 1;

size_t VarintFieldSize(uint64_t value) { return kTagSize + VarintSize(value); }

size_t BytesFieldSize(size_t size) {
  return kTagSize + VarintSize(size) + size;
}

size_t RecordSize(uint64_t partition_key_index,
                  std::optional<uint64_t> explicit_hash_key_index,
                  size_t data_size) {
  size_t size =
      VarintFieldSize(partition_key_index) + BytesFieldSize(data_size);
  if (explicit_hash_key_index) {
    size += VarintFieldSize(*explicit_hash_key_index);
  }
  return size;
}

void AppendVarint(uint64_t value, std::vector<uint8_t>* out) {
  for (; value >= 0x80; value >>= 7) {
    out->push_back(static_cast<uint8_t>(value | 0x80));
  }
  out->push_back(static_cast<uint8_t>(value));
}

void AppendVarintField(uint32_t tag, uint64_t value,
                       std::vector<uint8_t>* out) {
  AppendVarint(tag, out);
  AppendVarint(value, out);
}

void AppendBytesField(uint32_t tag, Bytes bytes, std::vector<uint8_t>* out) {
  AppendVarintField(tag, bytes.size(), out);
  out->insert(out->end(), bytes.begin(), bytes.end());
}

}  // namespace

size_t PartitionKeyFieldSize(std::string_view key) {
  return BytesFieldSize(key.size());
}

size_t ExplicitHashKeyFieldSize(std::string_view key) {
  return BytesFieldSize(key.size());
}

size_t RecordFieldSize(uint64_t partition_key_index,
                       std::optional<uint64_t> explicit_hash_key_index,
                       size_t data_size) {
  return BytesFieldSize(
      RecordSize(partition_key_index, explicit_hash_key_index, data_size));
}

void AppendPartitionKey(std::string_view key, std::vector<uint8_t>* out) {
  AppendBytesField(kPartitionKeyTable, AsBytes(key), out);
}

void AppendExplicitHashKey(std::string_view key, std::vector<uint8_t>* out) {
  AppendBytesField(kExplicitHashKeyTable, AsBytes(key), out);
}

void AppendRecord(uint64_t partition_key_index,
                  std::optional<uint64_t> explicit_hash_key_index, Bytes data,
                  std::vector<uint8_t>* out) {
  AppendVarintField(
      kRecords,
      RecordSize(partition_key_index, explicit_hash_key_index, data.size()),
      out);
  AppendVarintField(kPartitionKeyIndex, partition_key_index, out);
  if (explicit_hash_key_index) {
    AppendVarintField(kExplicitHashKeyIndex, *explicit_hash_key_index, out);
  }
  AppendBytesField(kData, data, out);
}

}  // namespace thresh
