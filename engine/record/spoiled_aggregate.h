// Aggregated records that were encoded or converted before they were archived,
// so that the magic is not visible.
#ifndef THRESH_RECORD_SPOILED_AGGREGATE_H_
#define THRESH_RECORD_SPOILED_AGGREGATE_H_

#include "thresh/bytes.h"

namespace thresh {

// Whether `record`, which has no magic, begins like an aggregated record in
// base64 or hexadecimal digits, in hexadecimal digits taken for base64,
// converted from Latin-1 or Windows-1252 to UTF-8, or decoded as text with its
// bytes replaced.
bool LooksSpoiled(Bytes record);

}  // namespace thresh

#endif  // THRESH_RECORD_SPOILED_AGGREGATE_H_
