// Recycling.
#include "pipeline/window.h"

#include <algorithm>

namespace thresh {
namespace {

constexpr size_t kMaxKeptOutput = size_t{64} << 20;
// Address space: of what JSON reserves for decoded bytes, less than half is
// written.
constexpr size_t kMaxKeptDecoded = size_t{64} << 20;

// Two vectors of lanes, where vectors are as wide as they get.
constexpr uint64_t kWantedRecords = 32;
constexpr uint64_t kSmallestTarget = uint64_t{64} << 10;
constexpr uint64_t kUsualTarget = uint64_t{1} << 20;

// Frames of a window, which take more memory than the smallest records do.
constexpr uint64_t kMostFrames = uint64_t{64} << 10;
constexpr uint64_t kLargestTarget = uint64_t{1} << 30;
constexpr uint64_t kCached = uint64_t{16} << 20;
constexpr uint64_t kLargestOutput = uint64_t{32} << 20;

// Keeps the first, and those behind it whose memory is not too much in all.
void DropLargeFrames(std::vector<Frames>* frames) {
  size_t kept = 0;
  size_t count = 0;
  while (count < frames->size()) {
    kept += (*frames)[count].decoded.capacity();
    if (count > 0 && kept > kMaxKeptDecoded) break;
    ++count;
  }
  frames->resize(count);
}

}  // namespace

void Window::ClearResults() {
  for (Frames& part_frames : frames) part_frames.Clear();
  batch.Clear();
  digested = {};
  deferred = false;
  out_of_memory = false;
  first_suspect.reset();
  encoded.Clear();
  quarantined.Clear();
  summary = Summary();
  errors.clear();
  stitched.Clear();
  held_framing = 0;
  messages.clear();
  digests.clear();
}

void Window::FreeResults() {
  Window empty;
  empty.parts = std::move(parts);
  *this = std::move(empty);
}

std::unique_ptr<Window> WindowPool::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<Window> window;
  if (free_.empty()) {
    window = std::make_unique<Window>();
  } else {
    window = std::move(free_.back());
    free_.pop_back();
  }
  window->target_bytes = target_bytes_;
  return window;
}

void WindowPool::Learn(const Window& window) {
  const Summary& summary = window.summary;
  const uint64_t frames = summary.kinesis_records + summary.opaque_spans;
  if (frames == 0 || summary.bytes == 0) return;
  const uint64_t mean = (summary.bytes + frames - 1) / frames;
  // Half as many do as well, nearly, and large records are in no cache anyhow.
  uint64_t target = std::min(kWantedRecords * mean,
                             std::max(kCached, kWantedRecords / 2 * mean));
  target = std::min(std::max(target, kUsualTarget), kMostFrames * mean);
  const uint64_t output = window.encoded.size() + window.quarantined.size();
  if (output > 0) {
    // Output bytes for each input byte, rounded up.
    const uint64_t expansion = output / summary.bytes + 1;
    target = std::min(target, kLargestOutput / expansion);
  }
  target_bytes_ =
      static_cast<size_t>(std::clamp(target, kSmallestTarget, kLargestTarget));
}

void WindowPool::Give(std::unique_ptr<Window> window) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Learn(*window);
  }
  window->parts.clear();  // lets go of mappings and buffers now, not on reuse
  window->ClearResults();
  // What one unusual window made large is not kept for all that follow.
  DropLargeFrames(&window->frames);
  for (OutputBuffer* buffer : {&window->encoded, &window->quarantined}) {
    if (buffer->memory() > kMaxKeptOutput) *buffer = {};
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(window));
}

}  // namespace thresh
