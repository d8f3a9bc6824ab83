// How much an input may expand, in any format: Options::max_expansion and
// max_expanded_bytes.
#ifndef THRESH_COMPRESSION_EXPANSION_LIMITS_H_
#define THRESH_COMPRESSION_EXPANSION_LIMITS_H_

#include <cstdint>
#include <string>

#include "base/errors.h"

namespace thresh {

struct ExpansionLimits {
  uint64_t ratio = 1000;
  uint64_t bytes = uint64_t{64} << 30;

  // The ratio is not checked before a file has expanded to this size: small
  // files may be almost empty.
  static constexpr uint64_t kRatioFloor = uint64_t{64} << 20;

  // Whether `delivered` bytes are too many for `stored` ones.
  [[nodiscard]] bool ExceedsRatio(uint64_t delivered, uint64_t stored) const {
    return delivered > kRatioFloor && (delivered - 1) / ratio >= stored;
  }
};

// The errors for more bytes, or a higher ratio, than the limits.
inline Error TooManyBytes(const ExpansionLimits& limits) {
  return ContainerError(
      "expands to more than " + std::to_string(limits.bytes) + " bytes",
      "raise that limit if it is meant to", ErrorDetail::kExpandedBytes);
}

inline Error TooHighRatio(const ExpansionLimits& limits) {
  return ContainerError("expands to more than " + std::to_string(limits.ratio) +
                            " times its size",
                        "raise that limit if it is meant to",
                        ErrorDetail::kExpansionRatio);
}

}  // namespace thresh

#endif  // THRESH_COMPRESSION_EXPANSION_LIMITS_H_
