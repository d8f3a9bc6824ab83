// See unsendable.h.
#include "thresh/unsendable.h"

#include <string>
#include <utility>

#include "base/printable.h"

namespace thresh {

Error HashKeyObstacle(std::string_view explicit_hash_key) {
  // No number that Kinesis accepts is longer.
  constexpr size_t kMaxShown = 40;
  std::string shown = Printable(explicit_hash_key.substr(0, kMaxShown));
  if (explicit_hash_key.size() > kMaxShown) shown += "...";
  return {.code = ErrorCode::kContainer,
          .detail = ErrorDetail::kHashKey,
          .file = {},
          .offset = {},
          .message = "a record with the explicit hash key '" + shown +
                     "', which is not a decimal number that Kinesis accepts",
          .remedy =
              "such records can be sent by their partition keys, or left out"};
}

Result<void> UnsendableCounts::LeaveOut(Error why, OnUnsendable policy) {
  if (policy != OnUnsendable::kSkip) {
    why.detail = why.detail == ErrorDetail::kHashKey
                     ? ErrorDetail::kUnsendableHashKey
                     : ErrorDetail::kUnsendable;
    return tl::unexpected(std::move(why));
  }
  ++unsendable;
  if (!first_unsendable) first_unsendable = std::move(why);
  return {};
}

}  // namespace thresh
