// Whether this build is sanitized: there, tests of results with many rounds run
// fewer of them, since each is ten times as slow.
#ifndef THRESH_TESTS_SANITIZED_H_
#define THRESH_TESTS_SANITIZED_H_

#include <cstddef>

namespace thresh {

#ifdef THRESH_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// The number of rounds: `all`, or one in five in a sanitized build.
constexpr size_t RoundsOf(size_t all) {
  return kSanitized ? (all + 4) / 5 : all;
}
// The step that leaves that share of a range.
inline constexpr size_t kRoundStep = kSanitized ? 5 : 1;

}  // namespace thresh

#endif  // THRESH_TESTS_SANITIZED_H_
