// Bytes between blobs that belong to no blob: which of them are line ends
// around a damaged blob, and not part of it.
#ifndef THRESH_CONTAINER_BLOB_GAP_H_
#define THRESH_CONTAINER_BLOB_GAP_H_

#include <cstddef>

#include "thresh/bytes.h"

namespace thresh {

// Whether `bytes` are one line end, LF or CRLF.
bool IsLineEnd(Bytes bytes);

// The length of the line end at the front of `gap`, which follows a blob, if
// the bytes after it begin like a blob; otherwise 0.
size_t LineEndBeforeDamage(Bytes gap);

// The length of the line end at the back of `damage`, before a blob or the
// input's end, if it is not part of the damaged blob; otherwise 0. `before`:
// the result of LineEndBeforeDamage. `whole`: `damage` is all of the gap after
// that; otherwise at least its last kMaxRecordBytes, or the rest after pieces
// of that size. Examines each byte at most once.
size_t LineEndAfterDamage(Bytes damage, size_t before, bool whole);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOB_GAP_H_
