// Records whose base64 was wrapped into lines, as in MIME, PEM and base64(1).
// No line is marked as a piece: lines are pieces if, joined, they are a blob
// whose digest matches.
#ifndef THRESH_CONTAINER_BASE64_WRAPPED_H_
#define THRESH_CONTAINER_BASE64_WRAPPED_H_

#include <cstddef>
#include <cstdint>

#include "thresh/bytes.h"

namespace thresh {

// Whether `text`, a line without surrounding blanks, has the length of wrapped
// lines: 64 characters (PEM) or 76 (RFC 2045).
bool HasWrappedWidth(Bytes text);

// Whether it may be the first line of a record, too.
bool StartsWrapped(Bytes text);

// A record of one or more lines.
struct WrappedRecord {
  bool open = false;  // depends on the bytes that follow; only size is known
  bool sound = true;  // its lines, joined, are base64
  size_t end = 0;     // of its last line's text
  size_t next = 0;    // where the line after it begins
  size_t size = 0;    // bytes that it decodes to, if `sound`
  size_t lines = 0;
  // Where the lines read for it end, and how many of them could start a record
  // themselves.
  size_t seen_end = 0;
  size_t starts = 0;
};

// Records with at most this many lines that could start one are found
// regardless of earlier searches (search_limits.h).
inline constexpr size_t kNearStarts = 8;

// Reads the record whose first line begins at `at` and StartsWrapped, into
// `out`, which has room for the decoded size of all bytes from there on. It
// ends with the first line at which the digest matches; all lines before are
// full ones. If none matches, it is damaged, and occupies the lines up to one
// that is empty or starts a record, or the third consecutive one (the second,
// if only the record's first line is a full one) of another length.
// `ends_input`: nothing follows `bytes`. `limit`: how many bytes may be
// examined for a record that is not near.
WrappedRecord ReadWrapped(Bytes bytes, size_t at, bool ends_input, size_t limit,
                          uint8_t* out);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_WRAPPED_H_
