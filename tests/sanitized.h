// Whether this build is sanitized: tests whose rounds are many, and which are
// about results, take fewer there, where each costs ten times as much.
#ifndef THRESH_TESTS_SANITIZED_H_
#define THRESH_TESTS_SANITIZED_H_

namespace thresh {

#ifdef THRESH_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace thresh

#endif  // THRESH_TESTS_SANITIZED_H_
