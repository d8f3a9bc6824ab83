// The names of the actions for records that Kinesis would not accept.
#ifndef THRESH_TOOLS_KINESIS_UNSENDABLE_H_
#define THRESH_TOOLS_KINESIS_UNSENDABLE_H_

#include <cstddef>
#include <string_view>
#include <utility>

#include "thresh/unsendable.h"

namespace thresh::kinesis {

inline constexpr std::pair<std::string_view, OnUnsendable>
    kOnUnsendableNames[] = {{"fail", OnUnsendable::kFail},
                            {"skip", OnUnsendable::kSkip},
                            {"drop-hash-key", OnUnsendable::kDropHashKey}};

[[nodiscard]] inline std::string_view NameOf(OnUnsendable policy) {
  return kOnUnsendableNames[static_cast<size_t>(policy)].first;
}

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_UNSENDABLE_H_
