// Passes messages of any sizes to the lanes of a vector kernel, or one by one
// to the plain code, the portable twin that kernels are tested against.
#ifndef THRESH_DIGEST_SHA256_SCHEDULE_H_
#define THRESH_DIGEST_SHA256_SCHEDULE_H_

#include <span>

#include "digest/sha256_kernel.h"
#include "digest/sha256_lanes.h"

namespace thresh::sha256 {

// See Sha256Many.
void HashInLanes(const Kernel& kernel, std::span<const Sha256Message> messages,
                 std::span<State> digests);
void HashPlainly(std::span<const Sha256Message> messages,
                 std::span<State> digests);

// See Mgf1Many.
void ExpandInLanes(const Kernel& kernel, std::span<const State> seeds,
                   std::span<Mask> masks);
void ExpandPlainly(std::span<const State> seeds, std::span<Mask> masks);

}  // namespace thresh::sha256

#endif  // THRESH_DIGEST_SHA256_SCHEDULE_H_
