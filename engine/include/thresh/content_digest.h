// A collision-resistant digest of a multiset of user records: equal for equal
// records, independent of their order, their container and the program that
// extracted them. An adversary cannot make two multisets with one digest. It
// costs more than ContentChecksum, which detects accidental differences.
#ifndef THRESH_CONTENT_DIGEST_H_
#define THRESH_CONTENT_DIGEST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "thresh/batch.h"
#include "thresh/export.h"

namespace thresh {

// SHA-256 of a product in the group of MuHash3072: of T(record) over all
// records, modulo the prime 2^3072 - 1103717, where
//
//   T(record) = MGF1-SHA-256(SHA-256(canonical encoding), 384 bytes)
//
// is read as a big-endian number, and the product is written as 384 bytes,
// big-endian. content_checksum.h describes the canonical encoding; FORMAT.md
// states the security of the digest.
//
// Records are hashed in parallel lanes, so many at a time are faster than one
// by one. Views of records are used only during the call. Not thread-safe;
// objects are independent of each other, and Merge combines those of several
// threads.
class ContentDigest {
 public:
  THRESH_EXPORT void Add(std::span<const UserRecord> records);
  // Adds the rows of `batch` starting at `first_row`.
  THRESH_EXPORT void Add(const Batch& batch, size_t first_row = 0);
  // Adds all records that were added to `other`: one multiplication.
  THRESH_EXPORT void Merge(const ContentDigest& other);

  // 64 lowercase hexadecimal digits.
  [[nodiscard]] THRESH_EXPORT std::string ToHex() const;

  friend bool operator==(const ContentDigest&, const ContentDigest&) = default;

 private:
  // The 64-bit words of the product, the least significant first; always less
  // than the prime.
  std::array<uint64_t, 48> product_ = {1};
};

}  // namespace thresh

#endif  // THRESH_CONTENT_DIGEST_H_
