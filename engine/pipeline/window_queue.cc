// See window_queue.h.
#include "pipeline/window_queue.h"

#include <utility>

#include "base/await.h"

namespace thresh {

bool WindowQueue::Push(std::unique_ptr<Window> window) {
  std::unique_lock lock(mutex_);
  Await(&changed_, &lock, [this] { return windows_.size() < kMax || closed_; });
  if (closed_) return false;
  windows_.push_back(std::move(window));
  changed_.notify_all();
  return true;
}

void WindowQueue::End(std::exception_ptr thrown, std::optional<Error> error) {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  thrown_ = std::move(thrown);
  error_ = std::move(error);
  changed_.notify_all();
}

Result<std::unique_ptr<Window>> WindowQueue::Pop() {
  std::unique_lock lock(mutex_);
  Await(&changed_, &lock, [this] { return !windows_.empty() || ended_; });
  if (windows_.empty()) {
    if (thrown_ != nullptr) std::rethrow_exception(thrown_);
    if (error_.has_value()) return tl::unexpected(*error_);
    return nullptr;
  }
  std::unique_ptr<Window> window = std::move(windows_.front());
  windows_.pop_front();
  changed_.notify_all();
  return window;
}

void WindowQueue::Close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace thresh
