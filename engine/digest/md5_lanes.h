// MD5 of many messages at once, one in each 32-bit lane of several vectors.
// One MD5 is a chain of dependent steps that leaves most of a core idle;
// sixteen to sixty-four of them side by side fill it.
#ifndef THRESH_DIGEST_MD5_LANES_H_
#define THRESH_DIGEST_MD5_LANES_H_

#include <span>
#include <string>
#include <vector>

#include "digest/md5.h"
#include "thresh/bytes.h"

namespace thresh {

// Writes the digest of messages[i] to digests[i]; the spans are of one length.
// Messages may have any sizes: a lane takes the next message as soon as it
// has finished one. Uses the best instruction set that this processor has, or
// the one that ForceMd5Target named. Thread-safe; allocates per call, not per
// message.
void Md5Many(std::span<const Bytes> messages, std::span<Md5Digest> digests);

// The targets that this build has and this processor can run, best first:
// "AVX3_ZEN4", "AVX3", "AVX2", "SSE4", ... as Highway names them, and at last
// "portable", which is Md5() in a loop.
std::vector<std::string> Md5Targets();

// Makes Md5Many use `target` from now on, in the whole process; "" goes back
// to the best. Returns false, and changes nothing, if Md5Targets lacks it. For
// tests and benchmarks; not to be called while Md5Many runs.
bool ForceMd5Target(const std::string& target);

}  // namespace thresh

#endif  // THRESH_DIGEST_MD5_LANES_H_
