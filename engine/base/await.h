// Waits on a condition variable, without a timeout, for the whole engine.
#ifndef THRESH_BASE_AWAIT_H_
#define THRESH_BASE_AWAIT_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace thresh {

// Returns when `is_done()` is true, with `lock` held. The thread that makes it
// true holds the mutex, and notifies `changed`.
//
// Not std::condition_variable::wait: with g++ 12 that is the symbol
// _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE@GLIBCXX_3.4.30,
// which the libstdc++ of GCC 11 lacks, so a program built here would not start
// there (tests/symbols/run.sh). wait_for is inline.
template <typename Predicate>
void Await(std::condition_variable* changed, std::unique_lock<std::mutex>* lock,
           Predicate is_done) {
  while (!is_done()) changed->wait_for(*lock, std::chrono::hours(1));
}

}  // namespace thresh

#endif  // THRESH_BASE_AWAIT_H_
