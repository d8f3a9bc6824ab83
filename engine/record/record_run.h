// The reader's fast path: runs of ordinary records.
#ifndef THRESH_RECORD_RECORD_RUN_H_
#define THRESH_RECORD_RECORD_RUN_H_

#include <cstddef>
#include <cstdint>

#include "record/record_rows.h"

namespace thresh {

// The size of a record with only the required fields.
inline constexpr ptrdiff_t kMinRecordSize = 6;

// Whether reading a message watches for the places where a blob may end.
enum class Watch : bool { kNo, kYes };

// Appends the records from `at` on to `rows` until one is not of the ordinary
// shape, `rows` is full, or `end` is too near to read a whole header; with
// Watch::kYes also until one ends where MayEndBlob. Returns the first byte not
// read, which is `at` if there was no such record.
template <Watch kWatch>
const uint8_t* ReadRecordRun(const uint8_t* at, const uint8_t* end,
                             RecordRows* rows);

}  // namespace thresh

#endif  // THRESH_RECORD_RECORD_RUN_H_
