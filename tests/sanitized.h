// Whether this build is sanitized: tests whose rounds are many, and which are
// about results, take fewer there, where each costs ten times as much.
#ifndef THRESH_TESTS_SANITIZED_H_
#define THRESH_TESTS_SANITIZED_H_

#include <cstddef>

namespace thresh {

#ifdef THRESH_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// So many rounds of `all`, of which one in five is enough in a sanitized build.
constexpr size_t RoundsOf(size_t all) {
  return kSanitized ? (all + 4) / 5 : all;
}
// The step that leaves so many of a range.
inline constexpr size_t kRoundStep = kSanitized ? 5 : 1;

}  // namespace thresh

#endif  // THRESH_TESTS_SANITIZED_H_
