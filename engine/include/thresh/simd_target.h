// Which vector instructions the library uses. The best that the processor has,
// unless the environment variable THRESH_TARGET names another: to measure, or
// to step round a processor's fault.
#ifndef THRESH_SIMD_TARGET_H_
#define THRESH_SIMD_TARGET_H_

#include <string>
#include <vector>

#include "thresh/export.h"
#include "thresh/result.h"

namespace thresh {

// The targets that this build has and this processor can run, best first:
// "AVX3" (which is AVX-512), "AVX2", "SSE4", "SSSE3" ... as Highway names them,
// and at last "portable", which is plain C++.
[[nodiscard]] THRESH_EXPORT std::vector<std::string> SimdTargets();

// The target in use in this process. An error if THRESH_TARGET, which is read
// once, names none of SimdTargets(): then the best is used by those who do not
// ask, and Deaggregate and BatchReader refuse to start. Thread-safe.
[[nodiscard]] THRESH_EXPORT Result<std::string> SimdTarget();

}  // namespace thresh

#endif  // THRESH_SIMD_TARGET_H_
