// Records that Kinesis would not take, and what becomes of them.
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
  kDropHashKey,  // without its explicit hash key it is sent by its partition
                 // key, and counted; if that is not enough, it ends the run
};

// Why a record with this explicit hash key cannot be sent; of code kContainer,
// without a place.
[[nodiscard]] THRESH_EXPORT Error
HashKeyObstacle(std::string_view explicit_hash_key);

struct UnsendableCounts {
  uint64_t unsendable = 0;  // left out: Kinesis would not take them
  std::optional<Error> first_unsendable = std::nullopt;
  uint64_t dropped_hash_keys = 0;  // of records that are sent without

  // Counts a record that is left out for the reason `why`; or fails with it, if
  // `policy` is not to leave records out.
  [[nodiscard]] THRESH_EXPORT Result<void> LeaveOut(Error why,
                                                    OnUnsendable policy);
};

}  // namespace thresh

#endif  // THRESH_UNSENDABLE_H_
