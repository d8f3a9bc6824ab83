// Nearly all user records are small, so that building the canonical encoding
// on the stack and hashing it in one call beats feeding a streaming state three
// pieces; only long records are streamed, to spare the copy.
#include "thresh/content_digest.h"

#define XXH_STATIC_LINKING_ONLY  // to have the streaming state on the stack
#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // the same functions, picked for the processor
#endif

#include <array>
#include <cstddef>
#include <cstring>

namespace thresh {
namespace {

constexpr size_t kHeaderSize = 24;
constexpr size_t kOneShotSize = 2048;

void StoreLittleEndian(uint64_t value, uint8_t* to) {
  for (size_t i = 0; i < sizeof(value); ++i) {
    to[i] = static_cast<uint8_t>(value >> (8 * i));
  }
}

uint64_t SizePlusOne(const Bytes* bytes) {
  return bytes == nullptr ? 0 : uint64_t{bytes->size()} + 1;
}

// Appends to an encoding; memcpy must not be given the address of no bytes.
uint8_t* Append(const Bytes* bytes, uint8_t* to) {
  if (bytes == nullptr || bytes->empty()) return to;
  std::memcpy(to, bytes->data(), bytes->size());
  return to + bytes->size();
}

void Update(const Bytes* bytes, XXH3_state_t* state) {
  if (bytes == nullptr || bytes->empty()) return;
  XXH3_128bits_update(state, bytes->data(), bytes->size());
}

// The hash of one record's canonical encoding; a null key is a null pointer.
XXH128_hash_t HashRecord(const Bytes* partition_key,
                         const Bytes* explicit_hash_key, Bytes data) {
  std::array<uint8_t, kOneShotSize> encoding;
  StoreLittleEndian(SizePlusOne(partition_key), encoding.data());
  StoreLittleEndian(SizePlusOne(explicit_hash_key), encoding.data() + 8);
  StoreLittleEndian(SizePlusOne(&data), encoding.data() + 16);
  uint64_t size = kHeaderSize + uint64_t{data.size()};
  if (partition_key != nullptr) size += partition_key->size();
  if (explicit_hash_key != nullptr) size += explicit_hash_key->size();
  if (size <= encoding.size()) {
    uint8_t* end = encoding.data() + kHeaderSize;
    end = Append(partition_key, end);
    end = Append(explicit_hash_key, end);
    Append(&data, end);
    return XXH3_128bits(encoding.data(), static_cast<size_t>(size));
  }
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  XXH3_128bits_update(&state, encoding.data(), kHeaderSize);
  Update(partition_key, &state);
  Update(explicit_hash_key, &state);
  Update(&data, &state);
  return XXH3_128bits_digest(&state);
}

// The sum of hashes that a ContentDigest keeps.
void AddTo(uint64_t low, uint64_t high, uint64_t* low_sum, uint64_t* high_sum) {
  *low_sum += low;
  *high_sum += high + (*low_sum < low ? 1 : 0);
}

}  // namespace

void ContentDigest::Add(const UserRecord& record) {
  const XXH128_hash_t hash = HashRecord(
      record.partition_key.has_value() ? &*record.partition_key : nullptr,
      record.explicit_hash_key.has_value() ? &*record.explicit_hash_key
                                           : nullptr,
      record.data);
  AddTo(hash.low64, hash.high64, &low_, &high_);
}

void ContentDigest::Add(const Batch& batch) {
  const UserRecordColumns& columns = batch.user_records;
  const auto key = [](const Column<Bytes>& keys, uint32_t id) {
    return id == kNoKey ? nullptr : &keys[id];
  };
  for (size_t row = 0; row < columns.size(); ++row) {
    const XXH128_hash_t hash = HashRecord(
        key(columns.partition_keys, columns.partition_key[row]),
        key(columns.explicit_hash_keys, columns.explicit_hash_key[row]),
        Bytes(columns.data[row], columns.data_size[row]));
    AddTo(hash.low64, hash.high64, &low_, &high_);
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
