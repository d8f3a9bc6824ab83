// Most user records are short, and hashing them takes no longer than a call
// into the library and a few calls of memcpy would. So records of up to 240
// bytes, which XXH3 hashes without vectors, are assembled by inline copies and
// hashed by inline code; longer ones are hashed by record_hash.cc.
#include "thresh/content_checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstddef>

#include "digest/canonical_encoding.h"
#include "digest/record_hash.h"

namespace thresh {
namespace {

constexpr size_t kShortSize = 240;

// The sum of hashes that a ContentChecksum keeps.
void AddTo(Hash128 hash, uint64_t* low_sum, uint64_t* high_sum) {
  *low_sum += hash.low;
  *high_sum += hash.high + (*low_sum < hash.low ? 1 : 0);
}

// Short records to be hashed. The hash reads words that span two fields of an
// encoding, which a processor cannot forward from its store buffer: it would
// wait until the stores of the record have reached the cache. So several are
// written before the first is hashed.
class ShortRecords {
 public:
  // At most kShortSize bytes encoded.
  void Add(const EncodedRecord& record) {
    uint8_t* const encoding = encodings_[count_].data();
    sizes_[count_++] = static_cast<size_t>(record.Write(encoding) - encoding);
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

void ContentChecksum::Add(const UserRecord& record) {
  const EncodedRecord encoded(record);
  if (encoded.Size() > kShortSize) {
    AddTo(HashLongRecord(encoded), &low_, &high_);
    return;
  }
  ShortRecords alone;
  alone.Add(encoded);
  alone.HashAll(&low_, &high_);
}

void ContentChecksum::Add(const Batch& batch, size_t first_row) {
  const UserRecordColumns& columns = batch.user_records;
  ShortRecords short_records;
  for (size_t row = first_row; row < columns.size(); ++row) {
    const EncodedRecord record(columns, row);
    if (record.Size() > kShortSize) {
      AddTo(HashLongRecord(record), &low_, &high_);
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
