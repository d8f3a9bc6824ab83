// Writes AggregatedRecord messages, byte for byte as protobuf's serializer
// writes the same content. Inline, for an aggregator does little else.
//
// Every field number here is below 16, so that each tag is one byte, and every
// record has the order of fields of the schema, which is all that it takes to
// write what protobuf does.
#ifndef THRESH_WIRE_AGGREGATED_RECORD_WRITER_H_
#define THRESH_WIRE_AGGREGATED_RECORD_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "wire/varint.h"

namespace thresh {

// The two key tables of a message.
enum class KeyTableTag : uint8_t {
  kPartitionKeys = MakeTag(1, WireType::kLengthDelimited),
  kExplicitHashKeys = MakeTag(2, WireType::kLengthDelimited),
};

// Bytes that an entry adds to the message, tag and length included.
inline size_t KeyFieldSize(size_t key_size) {
  return 1 + VarintSize(key_size) + key_size;
}

// The content of a record: the bytes that its length counts.
inline size_t RecordContentSize(uint64_t partition_key_index,
                                std::optional<uint64_t> explicit_hash_key_index,
                                size_t data_size) {
  size_t size = 1 + VarintSize(partition_key_index) + 1 +
                VarintSize(data_size) + data_size;
  if (explicit_hash_key_index) {
    size += 1 + VarintSize(*explicit_hash_key_index);
  }
  return size;
}

inline size_t RecordFieldSize(uint64_t partition_key_index,
                              std::optional<uint64_t> explicit_hash_key_index,
                              size_t data_size) {
  const size_t content = RecordContentSize(partition_key_index,
                                           explicit_hash_key_index, data_size);
  return 1 + VarintSize(content) + content;
}

// Writes `value` at `at`, where VarintSize(value) bytes have room, and returns
// the byte behind it.
inline uint8_t* WriteVarint(uint64_t value, uint8_t* at) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<uint8_t>(value | 0x80);
  *at++ = static_cast<uint8_t>(value);
  return at;
}

// Writes `bytes` behind their tag and length at `at`, likewise.
inline uint8_t* WriteBytesField(uint32_t tag, Bytes bytes, uint8_t* at) {
  *at++ = static_cast<uint8_t>(tag);
  at = WriteVarint(bytes.size(), at);
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

// Appends one entry of a key table to `out`.
inline void AppendKey(KeyTableTag table, std::string_view key,
                      Column<uint8_t>* out) {
  const size_t size = out->size();
  out->Resize(size + KeyFieldSize(key.size()));
  WriteBytesField(static_cast<uint32_t>(table), AsBytes(key),
                  out->data() + size);
}

// Appends one record to `out`.
inline void AppendRecord(uint64_t partition_key_index,
                         std::optional<uint64_t> explicit_hash_key_index,
                         Bytes data, Column<uint8_t>* out) {
  constexpr uint8_t kRecord = MakeTag(3, WireType::kLengthDelimited);
  constexpr uint8_t kPartitionKeyIndex = MakeTag(1, WireType::kVarint);
  constexpr uint8_t kExplicitHashKeyIndex = MakeTag(2, WireType::kVarint);
  constexpr uint8_t kData = MakeTag(3, WireType::kLengthDelimited);
  const size_t content = RecordContentSize(
      partition_key_index, explicit_hash_key_index, data.size());
  const size_t size = out->size();
  out->Resize(size + 1 + VarintSize(content) + content);
  uint8_t* at = out->data() + size;
  *at++ = kRecord;
  at = WriteVarint(content, at);
  *at++ = kPartitionKeyIndex;
  at = WriteVarint(partition_key_index, at);
  if (explicit_hash_key_index) {
    *at++ = kExplicitHashKeyIndex;
    at = WriteVarint(*explicit_hash_key_index, at);
  }
  WriteBytesField(kData, data, at);
}

}  // namespace thresh

#endif  // THRESH_WIRE_AGGREGATED_RECORD_WRITER_H_
