// The part of the content checksum that calls xxHash's library, not its inline
// code: XXH3-128 of a long record's canonical encoding.
#ifndef THRESH_DIGEST_RECORD_HASH_H_
#define THRESH_DIGEST_RECORD_HASH_H_

#include "digest/canonical_encoding.h"
#include "digest/hash128.h"

namespace thresh {

Hash128 HashLongRecord(const EncodedRecord& record);

}  // namespace thresh

#endif  // THRESH_DIGEST_RECORD_HASH_H_
