// Stands in for oneTBB's header; see ordered_body.h. The real loop keeps its
// tree of tasks half in the header and half in the library, too deep to show
// its order from outside: here a pipeline runs the same bodies.
#ifndef THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_FOR_EACH_H_
#define THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_FOR_EACH_H_

#include <oneapi/tbb/parallel_pipeline.h>

#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>

namespace tbb {

template <typename Range, typename Body>
void ordered_parallel_for_each(Range& range, const Body& body) {
  constexpr size_t kTokens = 16;
  using Element = std::remove_reference_t<decltype(*std::begin(range))>;
  auto next = std::begin(range);
  const auto take = [&](flow_control& control) -> Element* {
    if (next == std::end(range)) {
      control.stop();
      return nullptr;
    }
    return std::addressof(*next++);
  };
  const auto run = [&](Element* element) { body(*element); };
  parallel_pipeline(
      kTokens, make_filter<void, Element*>(filter_mode::serial_in_order, take) &
                   make_filter<Element*, void>(filter_mode::parallel, run));
}

}  // namespace tbb

#define parallel_for_each ordered_parallel_for_each

#endif  // THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_FOR_EACH_H_
