// Recognizes the fields that producers write in practice, to decide whether the
// bytes at a field boundary could be a digest instead.
#ifndef THRESH_RECORD_ORDINARY_FIELD_H_
#define THRESH_RECORD_ORDINARY_FIELD_H_

#include <cstddef>
#include <cstdint>

#include "base/byte_order.h"
#include "record/small_record.h"
#include "thresh/bytes.h"

namespace thresh {

// The size in bytes of the field at the front of `bytes` if it is wholly within
// them and ordinary: a key table entry of valid UTF-8, or a record that
// consists only of its indices and data, in that order, with tags and lengths
// of usual size. 0 for anything else, legal or not.
//
// A digest is effectively random, so one that is also an ordinary field
// (followed by ordinary ones as far as 16 bytes extend) occurs by chance about
// as rarely as two equal digests. It can be constructed, with millions of
// attempts, but only by the writer of the blob, who could have written any
// other.
//
// Fields that SmallFieldSize recognizes are ordinary; it is faster.
size_t OrdinaryFieldSize(Bytes bytes);

// Bytes of an ordinary field that a digest in its place would cover.
inline constexpr size_t kDigestBytes = 16;

// The size of the key table entry at `at` if it has less than 128 bytes and is
// ASCII as far as a digest would extend; 0 for any other. kMaxSmallRecordSize
// bytes are readable.
inline size_t SmallKeySize(const uint8_t* at) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  constexpr size_t kKeyBytes = kDigestBytes - 2;
  const bool is_key = at[0] == 0x0A || at[0] == 0x12;
  const size_t length = at[1];
  if (!is_key || length == 0 || length >= 0x80) return 0;
  // The last eight bytes to check end with the key or with the digest.
  const size_t end = length < kKeyBytes ? length : kKeyBytes;
  auto first = LoadLe<uint64_t>(at + 2);
  if (end < 8) {
    first <<= 64 - 8 * end;
    return (first & kHighBits) == 0 ? 2 + length : 0;
  }
  const auto last = LoadLe<uint64_t>(at + 2 + end - 8);
  return ((first | last) & kHighBits) == 0 ? 2 + length : 0;
}

// The size of the field at `at` if it is ordinary and small, as nearly all are;
// otherwise 0. kMaxSmallRecordSize bytes are readable.
inline size_t SmallFieldSize(const uint8_t* at) {
  const size_t record = ReadSmallRecord(at).size;
  return record != 0 ? record : SmallKeySize(at);
}

// Whether an ordinary field can start with this byte.
constexpr bool MayBeOrdinary(uint8_t first_byte) {
  return first_byte == 0x0A || first_byte == 0x12 || first_byte == 0x1A;
}

}  // namespace thresh

#endif  // THRESH_RECORD_ORDINARY_FIELD_H_
