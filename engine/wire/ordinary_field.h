// Recognises the fields that producers really write, and so tells whether the
// bytes at a field boundary could be a digest instead.
#ifndef THRESH_WIRE_ORDINARY_FIELD_H_
#define THRESH_WIRE_ORDINARY_FIELD_H_

#include <cstddef>
#include <cstdint>

#include "thresh/bytes.h"

namespace thresh {

// The size in bytes of the field at the front of `bytes` if it lies wholly
// within them and is ordinary: a key table entry of valid UTF-8, or a record
// that consists of its indices and data alone, in that order, with tags and
// lengths of usual size. 0 for anything else, legal or not.
//
// A digest is as good as random, so that one which passes for an ordinary
// field (and its successors, as far as 16 bytes reach, for ordinary ones too)
// occurs in nature about as seldom as two equal digests do; it can be
// constructed, at the cost of millions of attempts, but only by whoever writes
// the blob and could have written any other.
//
// A record that small_record.h recognises is ordinary, which is quicker to see.
size_t OrdinaryFieldSize(Bytes bytes);

// Whether an ordinary field can start with this byte.
constexpr bool MayBeOrdinary(uint8_t first_byte) {
  return first_byte == 0x0A || first_byte == 0x12 || first_byte == 0x1A;
}

}  // namespace thresh

#endif  // THRESH_WIRE_ORDINARY_FIELD_H_
