// Verifies one record at a time. Those of a window are verified in lanes
// (digest/md5_lanes.h).
#ifndef THRESH_CONTAINER_RECORD_DIGEST_H_
#define THRESH_CONTAINER_RECORD_DIGEST_H_

#include <algorithm>

#include "digest/md5.h"
#include "record/envelope.h"
#include "thresh/bytes.h"

namespace thresh {

// Whether `record`, of at least kMinAggregateSize bytes, ends with the digest
// of the message in it. Its magic is not checked.
inline bool DigestMatches(Bytes record) {
  return std::ranges::equal(Md5(MessageOf(record)), DigestOf(record));
}

}  // namespace thresh

#endif  // THRESH_CONTAINER_RECORD_DIGEST_H_
