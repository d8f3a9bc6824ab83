// Recycling.
#include "pipeline/window.h"

namespace thresh {
namespace {

constexpr size_t kMaxKeptOutput = size_t{64} << 20;

}  // namespace

void Window::ClearResults() {
  for (Frames& part_frames : frames) part_frames.Clear();
  batch.Clear();
  encoded.Clear();
  quarantined.Clear();
  summary = Summary();
  errors.clear();
  stitched.Clear();
  messages.clear();
  digests.clear();
}

std::unique_ptr<Window> WindowPool::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (free_.empty()) return std::make_unique<Window>();
  std::unique_ptr<Window> window = std::move(free_.back());
  free_.pop_back();
  return window;
}

void WindowPool::Give(std::unique_ptr<Window> window) {
  window->parts.clear();  // lets go of mappings and buffers now, not on reuse
  window->ClearResults();
  // What one unusual window made large is not kept for all that follow.
  if (window->frames.size() > 1) window->frames.resize(1);
  for (OutputBuffer* buffer : {&window->encoded, &window->quarantined}) {
    if (buffer->capacity() > kMaxKeptOutput) *buffer = {};
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(window));
}

}  // namespace thresh
