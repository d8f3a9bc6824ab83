// SHA-256 (FIPS 180-4) one message at a time, in plain C++.
#ifndef THRESH_DIGEST_SHA256_H_
#define THRESH_DIGEST_SHA256_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "thresh/bytes.h"

namespace thresh {

using Sha256Digest = std::array<uint8_t, 32>;

// The digest of `message`.
Sha256Digest Sha256(Bytes message);

}  // namespace thresh

#endif  // THRESH_DIGEST_SHA256_H_
