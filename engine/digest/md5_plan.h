// Decides how many lanes a batch of messages is worth. All lanes fold the same
// number of blocks (see md5_schedule.cc), and it must be no less than the
// longest message has: a few messages much longer than the others would leave
// most lanes idle. Then fewer vectors are better, or folding the end of the
// longest ones in plain code, or nothing but plain code.
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
  // Blocks that each lane folds at most, and that lanes fold of any one message
  // at most. What a message has beyond them is left to plain code.
  uint64_t blocks_per_lane = 0;
};

// The plan that takes the kernel the least time. All lanes together have room
// for all blocks that it gives to them.
Plan MakePlan(const Kernel& kernel, std::span<const Bytes> messages);

}  // namespace thresh::md5

#endif  // THRESH_DIGEST_MD5_PLAN_H_
