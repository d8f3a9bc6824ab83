// The hash key that Kinesis assigns to a record without an explicit one.
#ifndef THRESH_DIGEST_HASH_KEY_OF_H_
#define THRESH_DIGEST_HASH_KEY_OF_H_

#include <cstddef>
#include <cstdint>

#include "digest/md5.h"
#include "thresh/hash_key.h"

namespace thresh {

// The hash key of the partition key with this digest, which is read big endian.
inline HashKey HashKeyOf(const Md5Digest& digest) {
  HashKey key;
  for (size_t i = 0; i < 8; ++i) {
    key.high = key.high << 8 | digest[i];
    key.low = key.low << 8 | digest[i + 8];
  }
  return key;
}

}  // namespace thresh

#endif  // THRESH_DIGEST_HASH_KEY_OF_H_
