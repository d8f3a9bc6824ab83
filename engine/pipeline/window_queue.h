// Windows between the thread that makes them and the one that consumes them.
#ifndef THRESH_PIPELINE_WINDOW_QUEUE_H_
#define THRESH_PIPELINE_WINDOW_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>

#include "pipeline/window.h"
#include "thresh/result.h"

namespace thresh {

// Thread-safe.
class WindowQueue {
 public:
  // While the consumer pauses, the queue holds up to `max_paused` windows.
  explicit WindowQueue(size_t max_paused) : max_paused_(max_paused) {}

  // Waits for room. False if the queue was closed.
  bool Push(std::unique_ptr<Window> window);

  // Whether a Push has waited so long that the consumer seems to pause: the
  // producer should end what it has begun, and then call AwaitConsumer.
  [[nodiscard]] bool paused();
  // Waits until the consumer has taken nearly all windows.
  void AwaitConsumer();

  // No more windows follow: because of `thrown` or `error` if one is given.
  void End(std::exception_ptr thrown, std::optional<Error> error);

  // Waits for the next; null after the last. Fails with the error that ended
  // the queue, or rethrows the exception.
  Result<std::unique_ptr<Window>> Pop();

  // Pop will not be called again.
  void Close();

 private:
  // Besides the windows that threads work on.
  static constexpr size_t kMax = 1;

  [[nodiscard]] bool HasRoom() const {
    return windows_.size() < (paused_ ? max_paused_ : kMax) || closed_;
  }

  const size_t max_paused_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Window>> windows_;
  bool ended_ = false;
  bool closed_ = false;
  bool paused_ = false;
  std::exception_ptr thrown_;
  std::optional<Error> error_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_QUEUE_H_
