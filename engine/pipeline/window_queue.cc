// See window_queue.h.
#include "pipeline/window_queue.h"

#include <chrono>
#include <utility>

#include "base/await.h"

namespace thresh {
namespace {

// A consumer that takes longer for a window does not need all threads.
constexpr std::chrono::milliseconds kPatience{20};

}  // namespace

bool WindowQueue::Push(std::unique_ptr<Window> window) {
  std::unique_lock lock(mutex_);
  const auto has_room = [this] { return HasRoom(); };
  if (!changed_.wait_for(lock, kPatience, has_room)) {
    paused_ = true;
    Await(&changed_, &lock, has_room);
  }
  if (closed_) return false;
  windows_.push_back(std::move(window));
  changed_.notify_all();
  return true;
}

bool WindowQueue::paused() {
  const std::scoped_lock lock(mutex_);
  return paused_;
}

void WindowQueue::AwaitConsumer() {
  std::unique_lock lock(mutex_);
  Await(&changed_, &lock,
        [this] { return windows_.size() <= kMax || closed_; });
  paused_ = false;
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
