// oneTBB's header, with the order of its tasks visible; see ordered_body.h.
#ifndef THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_ARENA_H_
#define THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_ARENA_H_

#include_next <oneapi/tbb/task_arena.h>

#include <type_traits>
#include <utility>

#include "ordered_body.h"

namespace tbb {

class ordered_task_arena : public task_arena {
 public:
  using task_arena::task_arena;

  template <typename Body>
  void enqueue(Body&& body) {
    const thresh_tsan::OrderedScope scope;
    task_arena::enqueue(thresh_tsan::OrderedBody<std::decay_t<Body>>{
        std::forward<Body>(body)});
  }
};

}  // namespace tbb

#define task_arena ordered_task_arena

#endif  // THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_ARENA_H_
