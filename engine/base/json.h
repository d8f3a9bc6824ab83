// Checks and encodings of bytes for NDJSON output.
#ifndef THRESH_BASE_JSON_H_
#define THRESH_BASE_JSON_H_

#include "thresh/bytes.h"
#include "thresh/column.h"

namespace thresh {

// Whether `bytes` are valid UTF-8.
bool IsUtf8(Bytes bytes);

// Appends `text`, which is UTF-8, to `out` as a JSON string in quotes (RFC
// 8259): quotes, backslashes and control characters (C0, DEL, C1) escaped, all
// else unchanged.
void AppendJsonString(Bytes text, Column<uint8_t>* out);

// If `bytes` are one whole JSON value in UTF-8, appends it to `out` without
// white space between its tokens, hence on one line, and returns true; tokens
// keep their spelling, except DEL and C1 controls in strings, which are
// escaped, and objects keep duplicate names. Otherwise appends nothing and
// returns false; also for values that a reader of the output might not read
// back: integers beyond 64 bits, numbers beyond the range of a double, unpaired
// surrogates in escapes, arrays and objects more than 1024 deep.
bool AppendInlineJson(Bytes bytes, Column<uint8_t>* out);

// Escapes DEL and C1 controls in the JSON texts that `out` has from `begin` on.
// JSON allows them in strings unescaped, and a terminal may interpret them.
void EscapeControlsFrom(size_t begin, Column<uint8_t>* out);

}  // namespace thresh

#endif  // THRESH_BASE_JSON_H_
