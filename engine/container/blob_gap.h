// Bytes between blobs that no blob has claimed: which of them are line ends
// around a damaged blob, and not part of it.
#ifndef THRESH_CONTAINER_BLOB_GAP_H_
#define THRESH_CONTAINER_BLOB_GAP_H_

#include <cstddef>

#include "thresh/bytes.h"

namespace thresh {

// Whether `bytes` are one line end, LF or CRLF.
bool IsLineEnd(Bytes bytes);

// The length of the line end at the front of `gap`, which follows a blob, if
// what comes after it begins as a blob does; else 0.
size_t LineEndBeforeDamage(Bytes gap);

// The length of the line end at the back of `damage`, in front of a blob or the
// input's end, if it is none of the damaged blob's own bytes; else 0. `before`:
// what LineEndBeforeDamage has found. `whole`: `damage` is all that there is of
// the gap after that; else at least its last kMaxRecordBytes, or what is left
// after pieces of that size. Looks at each byte once at most.
size_t LineEndAfterDamage(Bytes damage, size_t before, bool whole);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOB_GAP_H_
