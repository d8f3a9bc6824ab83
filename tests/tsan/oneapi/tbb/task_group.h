// oneTBB's header, with the order of its tasks visible; see ordered_body.h.
#ifndef THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_GROUP_H_
#define THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_GROUP_H_

#include_next <oneapi/tbb/task_group.h>

#include <type_traits>
#include <utility>

#include "ordered_body.h"

namespace tbb {

class ordered_task_group : public task_group {
 public:
  template <typename Body>
  void run(Body&& body) {
    const thresh_tsan::OrderedScope scope;
    task_group::run(thresh_tsan::OrderedBody<std::decay_t<Body>>{
        std::forward<Body>(body)});
  }
  task_group_status wait() {
    const thresh_tsan::OrderedScope scope;
    return task_group::wait();
  }
};

}  // namespace tbb

#define task_group ordered_task_group

#endif  // THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_GROUP_H_
