// MD5 of many messages at once, one in each 32-bit lane of several vectors. One
// MD5 is a chain of dependent steps that leaves most of a core idle; sixteen to
// sixty-four of them in parallel use all of it.
#ifndef THRESH_DIGEST_MD5_LANES_H_
#define THRESH_DIGEST_MD5_LANES_H_

#include <span>

#include "digest/md5.h"
#include "thresh/bytes.h"

namespace thresh {

// Writes the digest of messages[i] to digests[i]; both have one length.
// Messages may have any sizes: a lane takes the next message as soon as it
// has finished one. Thread-safe; allocates per call, not per message.
void Md5Many(std::span<const Bytes> messages, std::span<Md5Digest> digests);

}  // namespace thresh

#endif  // THRESH_DIGEST_MD5_LANES_H_
