// Most user records are short, and for them the hash itself takes no longer
// than a call into the library and a few calls of memcpy would. So records of
// up to 240 bytes, which XXH3 hashes without vectors, are put together by
// inline copies and hashed by inline code; longer ones go to record_hash.cc.
#include "thresh/content_digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstddef>
#include <cstring>

#include "digest/record_hash.h"

namespace thresh {
namespace {

constexpr size_t kShortSize = 240;

void PutSize(const Bytes* bytes, uint8_t* to) {
  uint64_t value = bytes == nullptr ? 0 : uint64_t{bytes->size()} + 1;
  if constexpr (std::endian::native == std::endian::big) {
    value = __builtin_bswap64(value);
  }
  std::memcpy(to, &value, sizeof(value));
}

// Copies the first and the last kSize of `size` bytes, which may overlap.
template <size_t kSize>
void CopyEnds(const uint8_t* from, size_t size, uint8_t* to) {
  std::memcpy(to, from, kSize);
  std::memcpy(to + size - kSize, from + size - kSize, kSize);
}

// Appends `bytes`, if any, to an encoding, and returns its new end. Reads and
// writes no byte beyond.
uint8_t* Put(const Bytes* bytes, uint8_t* to) {
  if (bytes == nullptr) return to;
  const uint8_t* from = bytes->data();
  const size_t size = bytes->size();
  if (size >= 16) {
    for (size_t i = 0; i + 16 < size; i += 16) {
      std::memcpy(to + i, from + i, 16);
    }
    std::memcpy(to + size - 16, from + size - 16, 16);
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

// The hash of one record's canonical encoding; a null key is a null pointer.
RecordHash HashRecord(const Bytes* partition_key,
                      const Bytes* explicit_hash_key, Bytes data) {
  uint64_t size = kEncodingHeaderSize + uint64_t{data.size()};
  if (partition_key != nullptr) size += partition_key->size();
  if (explicit_hash_key != nullptr) size += explicit_hash_key->size();
  if (size > kShortSize) {
    EncodingHeader header;
    PutSize(partition_key, header.data());
    PutSize(explicit_hash_key, header.data() + 8);
    PutSize(&data, header.data() + 16);
    return HashLongRecord(
        header, partition_key == nullptr ? Bytes() : *partition_key,
        explicit_hash_key == nullptr ? Bytes() : *explicit_hash_key, data);
  }
  std::array<uint8_t, kShortSize> encoding;
  PutSize(partition_key, encoding.data());
  PutSize(explicit_hash_key, encoding.data() + 8);
  PutSize(&data, encoding.data() + 16);
  uint8_t* end = encoding.data() + kEncodingHeaderSize;
  end = Put(partition_key, end);
  end = Put(explicit_hash_key, end);
  Put(&data, end);
  const XXH128_hash_t hash =
      XXH3_128bits(encoding.data(), static_cast<size_t>(size));
  return {hash.low64, hash.high64};
}

// The sum of hashes that a ContentDigest keeps.
void AddTo(uint64_t low, uint64_t high, uint64_t* low_sum, uint64_t* high_sum) {
  *low_sum += low;
  *high_sum += high + (*low_sum < low ? 1 : 0);
}

}  // namespace

void ContentDigest::Add(const UserRecord& record) {
  const RecordHash hash = HashRecord(
      record.partition_key.has_value() ? &*record.partition_key : nullptr,
      record.explicit_hash_key.has_value() ? &*record.explicit_hash_key
                                           : nullptr,
      record.data);
  AddTo(hash.low, hash.high, &low_, &high_);
}

void ContentDigest::Add(const Batch& batch) {
  const UserRecordColumns& columns = batch.user_records;
  const auto key = [](const Column<Bytes>& keys, uint32_t id) {
    return id == kNoKey ? nullptr : &keys[id];
  };
  for (size_t row = 0; row < columns.size(); ++row) {
    const RecordHash hash = HashRecord(
        key(columns.partition_keys, columns.partition_key[row]),
        key(columns.explicit_hash_keys, columns.explicit_hash_key[row]),
        Bytes(columns.data[row], columns.data_size[row]));
    AddTo(hash.low, hash.high, &low_, &high_);
  }
}

void ContentDigest::Merge(const ContentDigest& other) {
  AddTo(other.low_, other.high_, &low_, &high_);
}

std::string ContentDigest::ToHex() const {
  std::string hex;
  hex.reserve(32);
  for (const uint64_t half : {high_, low_}) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      hex += "0123456789abcdef"[(half >> shift) & 15];
    }
  }
  return hex;
}

}  // namespace thresh
