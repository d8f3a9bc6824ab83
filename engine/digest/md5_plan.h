// Decides how many lanes to use for a batch of messages. All lanes fold the
// same number of blocks (see md5_schedule.cc), at least as many as the longest
// message has: a few messages much longer than the others would leave most
// lanes idle. Then fewer vectors are better, or folding the end of the longest
// ones in plain code, or only plain code.
#ifndef THRESH_DIGEST_MD5_PLAN_H_
#define THRESH_DIGEST_MD5_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "digest/md5_kernel.h"
#include "thresh/bytes.h"

namespace thresh::md5 {

struct Plan {
  size_t vectors = 0;  // of lanes; 0: every message in plain code, one by one
  // The most blocks that each lane folds, and that lanes fold of one message.
  // Later blocks of a message are left to plain code.
  uint64_t blocks_per_lane = 0;
};

// The plan with the least time for the kernel. All lanes together have room for
// all blocks that it assigns to them.
Plan MakePlan(const Kernel& kernel, std::span<const Bytes> messages);

}  // namespace thresh::md5

#endif  // THRESH_DIGEST_MD5_PLAN_H_
