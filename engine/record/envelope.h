// The envelope of an aggregated record: magic, message, MD5 of the message.
#ifndef THRESH_RECORD_ENVELOPE_H_
#define THRESH_RECORD_ENVELOPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "thresh/bytes.h"

namespace thresh {

inline constexpr std::array<uint8_t, 4> kMagic = {0xF3, 0x89, 0x9A, 0xC2};
inline constexpr size_t kDigestSize = 16;
// Magic, a message of one byte, digest.
inline constexpr size_t kMinAggregateSize = 21;

// Whether `bytes` begin with the magic. Inline, since it is called at every
// field boundary.
inline bool StartsWithMagic(Bytes bytes) {
  return bytes.size() >= kMagic.size() &&
         std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

// Whether a magic is where it would be if a blob's digest began at `at`. All
// these bytes are readable.
inline bool IsMagicAfterDigest(const uint8_t* at) {
  return std::memcmp(at + kDigestSize, kMagic.data(), kMagic.size()) == 0;
}

// The same for a field boundary `at` of a message that ends at `end`, with
// nothing known to be readable but the message and its digest: a magic that
// extends past these cannot begin in the digest, if another may follow it.
inline bool MayEndBlob(const uint8_t* at, const uint8_t* end) {
  return end - at >= std::ssize(kMagic) && IsMagicAfterDigest(at);
}

// How many of the first four of `bytes` are those of the magic; 0 if there are
// fewer than four.
size_t CountMagicBytes(Bytes bytes);

// Whether `record`, a whole Kinesis record, claims to be an aggregate: at
// least 21 bytes that begin with the magic.
bool LooksAggregated(Bytes record);

// The parts of a record of at least kMinAggregateSize bytes.
Bytes MessageOf(Bytes record);
Bytes DigestOf(Bytes record);

// The offset of the first magic in `bytes` at or after `from`, or bytes.size()
// if there is none. FindLastMagic: of the last one.
size_t FindMagic(Bytes bytes, size_t from);
size_t FindLastMagic(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_RECORD_ENVELOPE_H_
