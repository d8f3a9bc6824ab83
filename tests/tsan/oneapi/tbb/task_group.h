// oneTBB's header, with the order of its tasks visible to ThreadSanitizer; see
// ordered_body.h.
#ifndef THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_GROUP_H_
#define THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_GROUP_H_

#include_next <oneapi/tbb/task_group.h>

#include <type_traits>
#include <utility>

#include "ordered_body.h"

namespace thresh_tsan {

// Constructed first and destroyed last: oneTBB reuses the memory of a task for
// the next.
struct OrderedEdges {
  OrderedEdges() { OrderWithOtherBodies(); }
  OrderedEdges(const OrderedEdges& /*other*/) { OrderWithOtherBodies(); }
  OrderedEdges& operator=(const OrderedEdges&) = delete;
  ~OrderedEdges() { OrderWithOtherBodies(); }
};

// A body that is moved to where another thread finds it.
template <typename Body>
class SpawnedBody : private OrderedEdges {
 public:
  explicit SpawnedBody(Body body) : body_(std::move(body)) {}
  SpawnedBody(SpawnedBody&& other) noexcept
      : OrderedEdges(other), body_(std::move(other.body_)) {
    OrderWithOtherBodies();
  }

  void operator()() const {
    const OrderedScope scope;
    body_();
  }

 private:
  Body body_;
};

}  // namespace thresh_tsan

namespace tbb {

class ordered_task_group : public task_group {
 public:
  template <typename Body>
  void run(Body&& body) {
    task_group::run(
        thresh_tsan::SpawnedBody<std::decay_t<Body>>(std::forward<Body>(body)));
  }
  task_group_status wait() {
    const thresh_tsan::OrderedScope scope;
    return task_group::wait();
  }
};

}  // namespace tbb

#define task_group ordered_task_group

#endif  // THRESH_TESTS_TSAN_ONEAPI_TBB_TASK_GROUP_H_
