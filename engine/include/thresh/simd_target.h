// Which vector instructions the library uses: the best that the processor has,
// unless the environment variable THRESH_TARGET names others, to measure or to
// work around a processor bug.
#ifndef THRESH_SIMD_TARGET_H_
#define THRESH_SIMD_TARGET_H_

#include <string>
#include <vector>

#include "thresh/export.h"
#include "thresh/result.h"

namespace thresh {

// The targets that this build has and this processor can run, best first:
// "AVX3" (which is AVX-512), "AVX2", "SSE4", "SSSE3" ... as Highway names them,
// and last "portable", which is plain C++.
[[nodiscard]] THRESH_EXPORT std::vector<std::string> SimdTargets();

// The target in use in this process. Returns an error if THRESH_TARGET, which
// is read once, is not one of SimdTargets(): then Deaggregate and BatchReader
// refuse to start, and everything else uses the best target. Thread-safe.
[[nodiscard]] THRESH_EXPORT Result<std::string> SimdTarget();

}  // namespace thresh

#endif  // THRESH_SIMD_TARGET_H_
