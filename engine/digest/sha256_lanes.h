// SHA-256 of many messages at once, one in each lane of a vector, and MGF1 with
// SHA-256, which the content digest applies to the results.
#ifndef THRESH_DIGEST_SHA256_LANES_H_
#define THRESH_DIGEST_SHA256_LANES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "digest/sha256_block.h"
#include "thresh/bytes.h"

namespace thresh {

// `head`, followed by `body`.
struct Sha256Message {
  Bytes head;
  Bytes body;

  [[nodiscard]] uint64_t size() const {
    return uint64_t{head.size()} + body.size();
  }
};

// Writes the digest of messages[i] to digests[i], as finished states; the spans
// are of one length. Messages may have any sizes. Thread-safe; allocates per
// call, not per message.
void Sha256Many(std::span<const Sha256Message> messages,
                std::span<sha256::State> digests);

// 3,072 bits: the 64-bit words of a number, the least significant first.
using Mask = std::array<uint64_t, 48>;

// MGF1 of PKCS #1 (RFC 8017, B.2.1) with SHA-256, 384 bytes long: SHA-256(seed
// || u32 big-endian counter) for the counters 0 to 11, one after the other.
// Writes the output for seeds[i], read as a big-endian number, to masks[i]; the
// spans are of one length. Thread-safe.
void Mgf1Many(std::span<const sha256::State> seeds, std::span<Mask> masks);

}  // namespace thresh

#endif  // THRESH_DIGEST_SHA256_LANES_H_
