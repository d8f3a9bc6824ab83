// Finds where a blob ends, since it has no length: by the rule of FORMAT.md,
// and by a candidate for the end that is found at a fraction of the cost.
#ifndef THRESH_CONTAINER_BLOB_END_H_
#define THRESH_CONTAINER_BLOB_END_H_

#include <cstddef>
#include <cstdint>

#include "thresh/bytes.h"

namespace thresh {

enum class SearchOutcome : uint8_t { kFound, kNone, kNeedsMore };

struct BlobEnd {
  SearchOutcome outcome;
  size_t size;  // kFound: of the blob, envelope included
  // Bytes from the magic to the last field boundary that was examined, and to
  // where a group that starts there is malformed. At most `size` if a blob was
  // found without vain attempts.
  size_t reach;
  size_t work;  // bytes traversed and hashed, at most
};

// Finds the end of the blob at the front of `bytes` if it consists of ordinary
// fields up to a boundary whose digest would be followed by a magic or, if
// `at_end`, by the end of `bytes`, or by a line end and a magic or the end of
// `bytes`. Ordinary fields cannot start with the digest of what precedes them
// (ordinary_field.h), so if the blob's own digest matches here, no boundary
// before this one can have matched. kNeedsMore: it may, but the end is after
// `bytes`.
BlobEnd CandidateEnd(Bytes bytes, bool at_end);

// Finds the end of the blob at the front of `bytes`, if one starts there. The
// result does not depend on how much of the input is in `bytes`: CandidateEnd
// takes precedence here as elsewhere, and kNeedsMore is returned if it needs
// more.
BlobEnd FindBlobEnd(Bytes bytes, bool at_end);

// The length of the line end at the front of `bytes`: 2 for CRLF, 1 for LF, 0
// if there is none.
size_t LineEndSize(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOB_END_H_
