// Most user records are short, and for them the hash itself takes no longer
// than a call into the library and a few calls of memcpy would. So records of
// up to 240 bytes, which XXH3 hashes without vectors, are put together by
// inline copies and hashed by inline code; longer ones go to record_hash.cc.
#include "thresh/content_checksum.h"

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
inline uint8_t* Put(const Bytes* bytes, uint8_t* to) {
  if (bytes == nullptr) return to;
  const uint8_t* from = bytes->data();
  const size_t size = bytes->size();
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

// One record; a null key is a null pointer.
struct Record {
  const Bytes* partition_key;
  const Bytes* explicit_hash_key;
  Bytes data;

  [[nodiscard]] uint64_t EncodedSize() const {
    uint64_t size = kEncodingHeaderSize + uint64_t{data.size()};
    if (partition_key != nullptr) size += partition_key->size();
    if (explicit_hash_key != nullptr) size += explicit_hash_key->size();
    return size;
  }
  void PutHeader(uint8_t* to) const {
    PutSize(partition_key, to);
    PutSize(explicit_hash_key, to + 8);
    PutSize(&data, to + 16);
  }
};

RecordHash HashLong(const Record& record) {
  EncodingHeader header;
  record.PutHeader(header.data());
  const auto bytes_of = [](const Bytes* key) {
    return key == nullptr ? Bytes() : *key;
  };
  return HashLongRecord(header, bytes_of(record.partition_key),
                        bytes_of(record.explicit_hash_key), record.data);
}

// The sum of hashes that a ContentChecksum keeps.
void AddTo(RecordHash hash, uint64_t* low_sum, uint64_t* high_sum) {
  *low_sum += hash.low;
  *high_sum += hash.high + (*low_sum < hash.low ? 1 : 0);
}

// Short records on their way to the hash. It reads words that reach from one
// field of an encoding into the next, which a processor cannot forward from
// its store buffer: it would wait until the stores of the record have reached
// the cache. So several are written before the first is hashed.
class ShortRecords {
 public:
  // At most kShortSize bytes encoded.
  void Add(const Record& record) {
    uint8_t* const encoding = encodings_[count_].data();
    record.PutHeader(encoding);
    uint8_t* end = encoding + kEncodingHeaderSize;
    end = Put(record.partition_key, end);
    end = Put(record.explicit_hash_key, end);
    end = Put(&record.data, end);
    sizes_[count_++] = static_cast<size_t>(end - encoding);
  }

  [[nodiscard]] bool full() const { return count_ == kCount; }

  void HashAll(uint64_t* low_sum, uint64_t* high_sum) {
    for (size_t i = 0; i < count_; ++i) {
      const XXH128_hash_t hash = XXH3_128bits(encodings_[i].data(), sizes_[i]);
      AddTo({hash.low64, hash.high64}, low_sum, high_sum);
    }
    count_ = 0;
  }

 private:
  static constexpr size_t kCount = 16;
  size_t count_ = 0;
  std::array<std::array<uint8_t, kShortSize>, kCount> encodings_;
  std::array<size_t, kCount> sizes_;
};

}  // namespace

RecordHash HashRecord(const UserRecord& record) {
  const auto key = [](const std::optional<Bytes>& bytes) {
    return bytes.has_value() ? &*bytes : nullptr;
  };
  const Record encoded = {key(record.partition_key),
                          key(record.explicit_hash_key), record.data};
  if (encoded.EncodedSize() > kShortSize) return HashLong(encoded);
  ShortRecords alone;
  alone.Add(encoded);
  RecordHash sum = {0, 0};
  alone.HashAll(&sum.low, &sum.high);
  return sum;
}

void ContentChecksum::Add(const UserRecord& record) {
  AddTo(HashRecord(record), &low_, &high_);
}

void ContentChecksum::Add(const Batch& batch, size_t first_row) {
  const UserRecordColumns& columns = batch.user_records;
  const auto key = [](const Column<Bytes>& keys, uint32_t id) {
    return id == kNoKey ? nullptr : &keys[id];
  };
  ShortRecords short_records;
  for (size_t row = first_row; row < columns.size(); ++row) {
    const Record record = {
        key(columns.partition_keys, columns.partition_key[row]),
        key(columns.explicit_hash_keys, columns.explicit_hash_key[row]),
        Bytes(columns.data[row], columns.data_size[row])};
    if (record.EncodedSize() > kShortSize) {
      AddTo(HashLong(record), &low_, &high_);
      continue;
    }
    short_records.Add(record);
    if (short_records.full()) short_records.HashAll(&low_, &high_);
  }
  short_records.HashAll(&low_, &high_);
}

void ContentChecksum::Merge(const ContentChecksum& other) {
  AddTo({other.low_, other.high_}, &low_, &high_);
}

std::string ContentChecksum::ToHex() const {
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
