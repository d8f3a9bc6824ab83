// The shape that nearly all records have, recognized without a branch on
// anything that changes from record to record: the reader of records and the
// iteration over field boundaries spend their time here.
#ifndef THRESH_RECORD_SMALL_RECORD_H_
#define THRESH_RECORD_SMALL_RECORD_H_

#include <cstddef>
#include <cstdint>

#include "base/byte_order.h"

namespace thresh {

// The largest field that holds a small record, whose length is a single byte:
// this many bytes must be readable at the place of one.
inline constexpr ptrdiff_t kMaxSmallRecordSize = 2 + 0x7F;

// An index of one byte is read as if the tag after it were its second; this is
// the amount to subtract, by the number of bytes less one.
inline constexpr uint32_t kTagsShare[] = {0x1A << 7, 0};

struct SmallRecord {
  uint64_t size;         // bytes of the field, 0 if it is not a small record
  uint64_t data_offset;  // from the field's first byte
  uint64_t data_size;
  uint64_t partition_key_index;
};

// Recognizes, at `at`, a record with an index of one byte or two, no explicit
// hash key, and under 128 bytes in all. Bits from the left, I its last byte:
//
//   head  00011010 0lllllll 00001000 0iiiiiii
//                               tail 0IIIIIII 00011010 0sssssss
//   head  00011010 0lllllll 00001000 1iiiiiii 0iiiiiii
//                                        tail 0IIIIIII 00011010 0sssssss
inline SmallRecord ReadSmallRecord(const uint8_t* at) {
  const auto head = LoadLe<uint32_t>(at);
  const uint64_t length = at[1];
  const uint64_t wide = head >> 31;
  const uint64_t data_size = length - 4 - wide;
  const auto tail = LoadLe<uint32_t>(at + 3 + wide);
  const bool fits =
      (head & 0xFF80FF) == 0x08001A &&
      (tail & 0xFFFF80) == (static_cast<uint32_t>(data_size) << 16 | 0x1A00);
  const uint32_t index = LoadLe<uint16_t>(at + 3);
  return {.size = fits ? 2 + length : 0,
          .data_offset = 6 + wide,
          .data_size = data_size,
          .partition_key_index =
              (index & 0x7F) + (index >> 1 & 0x3F80) - kTagsShare[wide]};
}

}  // namespace thresh

#endif  // THRESH_RECORD_SMALL_RECORD_H_
