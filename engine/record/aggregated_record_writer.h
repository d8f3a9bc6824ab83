// Writes AggregatedRecord messages, byte for byte as protobuf's serializer
// writes the same content. Inline, since an aggregator does little else.
//
// Every field number here is below 16, so that each tag is one byte, and every
// record has the schema's order of fields, which is enough to match protobuf's
// output.
#ifndef THRESH_RECORD_AGGREGATED_RECORD_WRITER_H_
#define THRESH_RECORD_AGGREGATED_RECORD_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/varint.h"
#include "record/short_bytes.h"
#include "thresh/bytes.h"
#include "thresh/column.h"

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

// The size of a record's content: the bytes that its length counts.
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

// The same with tag and length, which is what the record adds to the message.
inline size_t RecordFieldSize(size_t content_size) {
  return 1 + VarintSize(content_size) + content_size;
}

// Writes `bytes` after their tag and length at `at`, where all of them and the
// slack of writers (base/varint.h) must fit.
inline uint8_t* WriteBytesField(uint32_t tag, Bytes bytes, uint8_t* at) {
  *at++ = static_cast<uint8_t>(tag);
  at = WriteVarint(bytes.size(), at);
  CopyShort(bytes.data(), bytes.size(), at);
  return at + bytes.size();
}

// Extends `out` by `size` bytes, with room for the slack after them, and
// returns the first of these.
inline uint8_t* Extend(size_t size, Column<uint8_t>* out) {
  const size_t before = out->size();
  out->Resize(before + size + kWriterSlack);
  out->Resize(before + size);
  return out->data() + before;
}

// Appends one entry of a key table to `out`.
inline void AppendKey(KeyTableTag table, std::string_view key,
                      Column<uint8_t>* out) {
  WriteBytesField(static_cast<uint32_t>(table), AsBytes(key),
                  Extend(KeyFieldSize(key.size()), out));
}

// Writes one record at `at`, likewise. `content_size` is that of
// RecordContentSize.
inline uint8_t* WriteRecord(uint64_t partition_key_index,
                            std::optional<uint64_t> explicit_hash_key_index,
                            Bytes data, size_t content_size, uint8_t* at) {
  *at++ = MakeTag(3, WireType::kLengthDelimited);
  at = WriteVarint(content_size, at);
  *at++ = MakeTag(1, WireType::kVarint);
  at = WriteVarint(partition_key_index, at);
  if (explicit_hash_key_index) {
    *at++ = MakeTag(2, WireType::kVarint);
    at = WriteVarint(*explicit_hash_key_index, at);
  }
  return WriteBytesField(MakeTag(3, WireType::kLengthDelimited), data, at);
}

// Appends one record to `out`.
inline void AppendRecord(uint64_t partition_key_index,
                         std::optional<uint64_t> explicit_hash_key_index,
                         Bytes data, size_t content_size,
                         Column<uint8_t>* out) {
  WriteRecord(partition_key_index, explicit_hash_key_index, data, content_size,
              Extend(RecordFieldSize(content_size), out));
}

// Likewise.
inline void AppendRecord(uint64_t partition_key_index,
                         std::optional<uint64_t> explicit_hash_key_index,
                         Bytes data, Column<uint8_t>* out) {
  AppendRecord(partition_key_index, explicit_hash_key_index, data,
               RecordContentSize(partition_key_index, explicit_hash_key_index,
                                 data.size()),
               out);
}

}  // namespace thresh

#endif  // THRESH_RECORD_AGGREGATED_RECORD_WRITER_H_
