// oneTBB's header, with the order of its tasks visible to ThreadSanitizer; see
// ordered_body.h.
#ifndef THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_PIPELINE_H_
#define THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_PIPELINE_H_

#include_next <oneapi/tbb/parallel_pipeline.h>

#include <cstddef>

#include "ordered_body.h"

namespace tbb {

template <typename Input, typename Output, typename Body>
filter<Input, Output> ordered_make_filter(filter_mode mode, const Body& body) {
  return make_filter<Input, Output>(mode, thresh_tsan::OrderedBody<Body>{body});
}

inline void ordered_parallel_pipeline(size_t tokens,
                                      const filter<void, void>& chain) {
  const thresh_tsan::OrderedScope scope;
  parallel_pipeline(tokens, chain);
}

}  // namespace tbb

#define make_filter ordered_make_filter
#define parallel_pipeline ordered_parallel_pipeline

#endif  // THRESH_TESTS_TSAN_ONEAPI_TBB_PARALLEL_PIPELINE_H_
