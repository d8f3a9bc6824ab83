// Distributions build oneTBB without ThreadSanitizer, so it does not see that
// oneTBB ends one task before it starts the next that depends on it, and
// reports everything that passes from one stage to another as a race.
// Suppressions cannot fix this: each such report has oneTBB's frames in it, or
// none that distinguishes it from a real race.
//
// So in ThreadSanitizer builds only, the header in oneapi/ is found before
// oneTBB's own and wraps the bodies of a pipeline: it declares that everything
// before the beginning or end of one body happens before everything after the
// beginning or end of another. Bodies that run at the same time are not
// ordered, and races between them are reported.
#ifndef THRESH_TESTS_TSAN_ORDERED_BODY_H_
#define THRESH_TESTS_TSAN_ORDERED_BODY_H_

#include <sanitizer/tsan_interface.h>

#include <functional>
#include <type_traits>
#include <utility>

namespace thresh_tsan {

inline void OrderWithOtherBodies() {
  static char order;
  __tsan_release(&order);
  __tsan_acquire(&order);
}

struct OrderedScope {
  OrderedScope() { OrderWithOtherBodies(); }
  ~OrderedScope() { OrderWithOtherBodies(); }
  OrderedScope(const OrderedScope&) = delete;
  OrderedScope& operator=(const OrderedScope&) = delete;
};

template <typename Body>
struct OrderedBody {
  Body body;

  template <typename... Arguments>
    requires std::is_invocable_v<const Body&, Arguments...>
  decltype(auto) operator()(Arguments&&... arguments) const {
    const OrderedScope scope;
    return std::invoke(body, std::forward<Arguments>(arguments)...);
  }
};

}  // namespace thresh_tsan

#endif  // THRESH_TESTS_TSAN_ORDERED_BODY_H_
