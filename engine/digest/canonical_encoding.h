// The canonical encoding of a user record, which thresh/content_checksum.h
// describes: the input of every hash of a whole record.
#ifndef THRESH_DIGEST_CANONICAL_ENCODING_H_
#define THRESH_DIGEST_CANONICAL_ENCODING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/byte_order.h"
#include "thresh/batch.h"
#include "thresh/bytes.h"

namespace thresh {

// The three lengths that an encoding starts with.
inline constexpr size_t kEncodingHeaderSize = 24;
using EncodingHeader = std::array<uint8_t, kEncodingHeaderSize>;

// One record to be encoded; a null key is a null pointer. Views the data that
// it was made from, including the views of keys.
struct EncodedRecord {
  explicit EncodedRecord(const UserRecord& record)
      : partition_key(AddressOf(record.partition_key)),
        explicit_hash_key(AddressOf(record.explicit_hash_key)),
        data(record.data) {}
  EncodedRecord(const UserRecordColumns& columns, size_t row)
      : partition_key(
            KeyAt(columns.partition_keys, columns.partition_key[row])),
        explicit_hash_key(
            KeyAt(columns.explicit_hash_keys, columns.explicit_hash_key[row])),
        data(columns.data[row], columns.data_size[row]) {}

  const Bytes* partition_key;
  const Bytes* explicit_hash_key;
  Bytes data;

  // The size of the header and the keys, which precede the data.
  [[nodiscard]] size_t HeadSize() const {
    size_t size = kEncodingHeaderSize;
    if (partition_key != nullptr) size += partition_key->size();
    if (explicit_hash_key != nullptr) size += explicit_hash_key->size();
    return size;
  }
  [[nodiscard]] size_t Size() const { return HeadSize() + data.size(); }

  // Each writes a part of the encoding to `to`, which has room for it, and
  // returns the end of what was written. No byte past it is written, and none
  // past the record's is read.
  uint8_t* WriteHeader(uint8_t* to) const {
    to = WriteSize(partition_key, to);
    to = WriteSize(explicit_hash_key, to);
    return WriteSize(&data, to);
  }
  uint8_t* WriteHead(uint8_t* to) const {
    to = WriteHeader(to);
    if (partition_key != nullptr) to = Copy(*partition_key, to);
    if (explicit_hash_key != nullptr) to = Copy(*explicit_hash_key, to);
    return to;
  }
  uint8_t* Write(uint8_t* to) const { return Copy(data, WriteHead(to)); }

  // The header and the fields that follow it, for streaming hashes; null keys
  // are empty; the header distinguishes them.
  [[nodiscard]] EncodingHeader Header() const {
    EncodingHeader header;
    WriteHeader(header.data());
    return header;
  }
  [[nodiscard]] std::array<Bytes, 3> Fields() const {
    const auto bytes_of = [](const Bytes* key) {
      return key == nullptr ? Bytes() : *key;
    };
    return {bytes_of(partition_key), bytes_of(explicit_hash_key), data};
  }

 private:
  static const Bytes* AddressOf(const std::optional<Bytes>& key) {
    return key.has_value() ? &*key : nullptr;
  }
  static const Bytes* KeyAt(const Column<Bytes>& keys, uint32_t id) {
    return id == kNoKey ? nullptr : &keys[id];
  }

  static uint8_t* WriteSize(const Bytes* bytes, uint8_t* to) {
    const uint64_t value = bytes == nullptr ? 0 : uint64_t{bytes->size()} + 1;
    StoreLe(value, to);
    return to + sizeof(value);
  }

  // Copies the first and the last kSize of `size` bytes, which may overlap.
  template <size_t kSize>
  static void CopyEnds(const uint8_t* from, size_t size, uint8_t* to) {
    std::memcpy(to, from, kSize);
    std::memcpy(to + size - kSize, from + size - kSize, kSize);
  }

  // Most fields are short, and a call of memcpy takes longer than hashing them.
  static uint8_t* Copy(Bytes bytes, uint8_t* to) {
    const uint8_t* from = bytes.data();
    const size_t size = bytes.size();
    if (size > 32) {
      for (size_t i = 0; i + 32 < size; i += 32) {
        std::memcpy(to + i, from + i, 32);
      }
      std::memcpy(to + size - 32, from + size - 32, 32);
    } else if (size >= 16) {
      CopyEnds<16>(from, size, to);
    } else if (size >= 8) {
      CopyEnds<8>(from, size, to);
    } else if (size >= 4) {
      CopyEnds<4>(from, size, to);
    } else if (size >= 2) {
      CopyEnds<2>(from, size, to);
    } else if (size == 1) {
      *to = *from;
    }
    return to + size;
  }
};

}  // namespace thresh

#endif  // THRESH_DIGEST_CANONICAL_ENCODING_H_
