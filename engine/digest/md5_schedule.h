// Spreads messages of any sizes over the lanes of a vector kernel so that no
// lane idles: the room's scheduler.
#ifndef THRESH_DIGEST_MD5_SCHEDULE_H_
#define THRESH_DIGEST_MD5_SCHEDULE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "digest/md5.h"
#include "digest/md5_kernel.h"
#include "thresh/bytes.h"

namespace thresh::md5 {

// How a call's messages are hashed.
struct Plan {
  size_t vectors = 0;  // of lanes; 0: every message in plain code, one by one
  // Blocks that each lane folds, which is as well the most that lanes fold of
  // any one message. What a message has beyond them is left to plain code.
  uint64_t blocks_per_lane = 0;
};

// The plan that takes the kernel the least time.
Plan MakePlan(const Kernel& kernel, std::span<const Bytes> messages);

// Writes the digest of messages[i] to digests[i].
void HashInLanes(const Kernel& kernel, std::span<const Bytes> messages,
                 std::span<Md5Digest> digests);

}  // namespace thresh::md5

#endif  // THRESH_DIGEST_MD5_SCHEDULE_H_
