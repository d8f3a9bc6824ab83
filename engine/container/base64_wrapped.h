// Records whose base64 was wrapped into lines, as MIME, PEM and base64(1) have
// it. No line says that it is a piece: it is so if the pieces, joined, are a
// blob whose digest matches.
#ifndef THRESH_CONTAINER_BASE64_WRAPPED_H_
#define THRESH_CONTAINER_BASE64_WRAPPED_H_

#include <cstddef>
#include <cstdint>

#include "thresh/bytes.h"

namespace thresh {

// Whether `text`, a line without blanks around, is as long as what is wrapped:
// 64 characters (PEM) or 76 (RFC 2045).
bool HasWrappedWidth(Bytes text);

// Whether it may be the first line of a record, too.
bool StartsWrapped(Bytes text);

// A record of one line or more.
struct WrappedRecord {
  bool open = false;  // what follows the bytes decides; only size is known
  bool sound = true;  // its lines, joined, are base64
  size_t end = 0;     // of its last line's text
  size_t next = 0;    // where the line behind it begins
  size_t size = 0;    // bytes that it decodes to, if sound
  size_t lines = 0;
  // Where the lines end that were read for it, and how many of these could
  // start a record themselves.
  size_t seen_end = 0;
  size_t starts = 0;
};

// Records among whose lines no more than these could start one are found
// whatever others have looked at (search_limits.h).
inline constexpr size_t kNearStarts = 8;

// Reads the record whose first line begins at `at` and StartsWrapped, into
// `out`, which has room for what all bytes from there on decode to. It ends
// with the first line at which the digest matches; all lines before are full
// ones. If none matches, it is damaged, and takes up the lines as far as one
// that is empty or starts a record, or the third in a row (the second, if only
// the record's first line is a full one) of another length. `ends_input`:
// nothing follows `bytes`. `limit`: how many bytes may be looked at for a
// record that is not near.
WrappedRecord ReadWrapped(Bytes bytes, size_t at, bool ends_input, size_t limit,
                          uint8_t* out);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_WRAPPED_H_
