// Aggregated records that something encoded or converted on the way here, so
// that no magic shows.
#ifndef THRESH_RECORD_SPOILED_AGGREGATE_H_
#define THRESH_RECORD_SPOILED_AGGREGATE_H_

#include "thresh/bytes.h"

namespace thresh {

// Whether `record`, which has no magic, begins as an aggregated record does
// once it is base64 or hexadecimal digits, hexadecimal digits taken for base64,
// Latin-1 or Windows-1252 made UTF-8, or text in which its bytes were replaced.
bool LooksSpoiled(Bytes record);

}  // namespace thresh

#endif  // THRESH_RECORD_SPOILED_AGGREGATE_H_
