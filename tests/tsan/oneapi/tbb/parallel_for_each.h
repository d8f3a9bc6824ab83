// oneTBB's header, with the order of its tasks visible; see ordered_body.h.
#ifndef THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_FOR_EACH_H_
#define THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_FOR_EACH_H_

#include_next <oneapi/tbb/parallel_for_each.h>

#include "ordered_body.h"

namespace tbb {

template <typename Range, typename Body>
void ordered_parallel_for_each(Range&& range, const Body& body) {
  const thresh_tsan::OrderedScope scope;
  parallel_for_each(std::forward<Range>(range),
                    thresh_tsan::OrderedBody<Body>{body});
}

}  // namespace tbb

#define parallel_for_each ordered_parallel_for_each

#endif  // THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_FOR_EACH_H_
