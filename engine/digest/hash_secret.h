// The random bytes of keyed hashes.
#ifndef THRESH_DIGEST_HASH_SECRET_H_
#define THRESH_DIGEST_HASH_SECRET_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "thresh/result.h"

namespace thresh {

// The length of XXH3's own secret.
using HashSecret = std::array<uint8_t, 192>;

// Fills a buffer with random bytes as getentropy(3) does: 0, or -1 and errno.
using ReadRandom = int (*)(void* to, size_t size);

// A new secret from `read`, or the error that it reports.
Result<HashSecret> ReadHashSecret(ReadRandom read);

}  // namespace thresh

#endif  // THRESH_DIGEST_HASH_SECRET_H_
