// Records that Kinesis would reject, and how to handle them.
#ifndef THRESH_UNSENDABLE_H_
#define THRESH_UNSENDABLE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "thresh/export.h"
#include "thresh/result.h"

namespace thresh {

enum class OnUnsendable : uint8_t {
  kFail,         // it ends the run
  kSkip,         // it is left out and counted
  kDropHashKey,  // it is sent without its explicit hash key, by its partition
                 // key, and counted; if it is still rejected, it ends the run
};

// The error for a record with this explicit hash key, which cannot be sent; of
// code kContainer, without a place.
[[nodiscard]] THRESH_EXPORT Error
HashKeyObstacle(std::string_view explicit_hash_key);

struct UnsendableCounts {
  uint64_t unsendable = 0;  // left out: Kinesis would reject them
  std::optional<Error> first_unsendable = std::nullopt;
  uint64_t dropped_hash_keys = 0;  // of records that are sent without them

  // Counts a record that is left out for the reason `why`; or fails with `why`,
  // if `policy` does not leave records out.
  [[nodiscard]] THRESH_EXPORT Result<void> LeaveOut(Error why,
                                                    OnUnsendable policy);
};

}  // namespace thresh

#endif  // THRESH_UNSENDABLE_H_
