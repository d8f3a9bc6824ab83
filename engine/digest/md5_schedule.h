// Distributes messages of any sizes over the lanes of a vector kernel so that
// no lane idles.
#ifndef THRESH_DIGEST_MD5_SCHEDULE_H_
#define THRESH_DIGEST_MD5_SCHEDULE_H_

#include <span>

#include "digest/md5.h"
#include "digest/md5_kernel.h"
#include "thresh/bytes.h"

namespace thresh::md5 {

// Writes the digest of messages[i] to digests[i].
void HashInLanes(const Kernel& kernel, std::span<const Bytes> messages,
                 std::span<Md5Digest> digests);

}  // namespace thresh::md5

#endif  // THRESH_DIGEST_MD5_SCHEDULE_H_
