// A digest of a multiset of user records: equal for equal records, independent
// of their order, their container and the program that extracted them.
#ifndef THRESH_CONTENT_CHECKSUM_H_
#define THRESH_CONTENT_CHECKSUM_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "thresh/batch.h"
#include "thresh/export.h"

namespace thresh {

// The sum modulo 2^128 of XXH3-128 over each record's canonical encoding:
//
//   u64 LE  partition key length + 1, or 0 for null
//   u64 LE  explicit hash key length + 1, or 0 for null
//   u64 LE  data length + 1
//   the bytes of the three, in that order, nothing between them
class ContentChecksum {
 public:
  THRESH_EXPORT void Add(const UserRecord& record);
  // Adds the rows of `batch` starting at `first_row`.
  THRESH_EXPORT void Add(const Batch& batch, size_t first_row = 0);
  THRESH_EXPORT void Merge(const ContentChecksum& other);

  // 32 lowercase hexadecimal digits, most significant first; zeros if empty.
  [[nodiscard]] THRESH_EXPORT std::string ToHex() const;

  friend bool operator==(const ContentChecksum&,
                         const ContentChecksum&) = default;

 private:
  uint64_t low_ = 0;
  uint64_t high_ = 0;
};

}  // namespace thresh

#endif  // THRESH_CONTENT_CHECKSUM_H_
