// Recycles windows.
#include "pipeline/window.h"

#include <algorithm>

#include "pipeline/window_memory.h"

namespace thresh {
namespace {

// A limit of a window's memory; and of address space, which JSON reserves for
// decoded bytes: less than half is written.
constexpr size_t kMaxKept = size_t{40} << 20;
constexpr size_t kMaxKeptFrames = size_t{16} << 20;
constexpr size_t kMaxKeptDecoded = size_t{64} << 20;

// Two vectors of lanes, at the greatest vector width.
constexpr uint64_t kWantedRecords = 32;
constexpr uint64_t kSmallestTarget = uint64_t{64} << 10;
constexpr uint64_t kUsualTarget = uint64_t{1} << 20;

// Frames of a window, which take more memory than the smallest records do.
constexpr uint64_t kMaxFrames = uint64_t{64} << 10;
constexpr uint64_t kLargestTarget = uint64_t{1} << 30;
// The largest window that holds kWantedRecords, with some room: records of
// 1 MiB, a common limit of producers, then fill two vectors of lanes. Windows
// of larger records hold half as many.
constexpr uint64_t kLargeWindow = uint64_t{34} << 20;
// The part of a window's memory that its results normally take.
constexpr uint64_t kUsualMemory = uint64_t{24} << 20;

// Keeps the first, and those after it whose total memory is not too much.
void DropLargeFrames(std::vector<Frames>* frames) {
  size_t kept = 0;
  size_t decoded = 0;
  size_t count = 0;
  while (count < frames->size()) {
    const Frames& part = (*frames)[count];
    decoded += part.decoded.capacity();
    kept += part.list.capacity() * sizeof(Frame) +
            part.metadata.capacity() * sizeof(KinesisMetadata);
    const bool much = decoded > kMaxKeptDecoded || kept > kMaxKeptFrames;
    if (count > 0 && much) break;
    ++count;
  }
  frames->resize(count);
}

void EncodeInto(std::unique_ptr<Chunk>* chunk, const Batch& batch,
                const Sink& sink) {
  if (*chunk == nullptr) *chunk = sink.NewChunk();
  sink.Encode(batch, chunk->get());
}

}  // namespace

void Window::Encode(const Sink& sink, const Sink* quarantine) {
  EncodeInto(&encoded, batch, sink);
  if (quarantine != nullptr) EncodeInto(&quarantined, batch, *quarantine);
}

// NOLINTNEXTLINE(readability-make-member-function-const)
void Window::ClearEncoded() {
  if (encoded != nullptr) encoded->Clear();
  if (quarantined != nullptr) quarantined->Clear();
}

void Window::ClearResults() {
  for (Frames& part_frames : frames) part_frames.Clear();
  batch.Clear();
  digested = {};
  deferred = false;
  frame_memory = 0;
  memory = 0;
  out_of_memory = false;
  first_suspect.reset();
  ClearEncoded();
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
  empty.rest = std::move(rest);
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
  window->max_frames = SIZE_MAX;
  window->was_split = false;
  return window;
}

void WindowPool::Learn(const Window& window) {
  const Summary& summary = window.summary;
  const uint64_t frames = summary.kinesis_records + summary.opaque_spans;
  // The last window's bytes are only counted up to the limit.
  if (frames == 0 || summary.bytes == 0 || summary.limited) return;
  const uint64_t mean = (summary.bytes + frames - 1) / frames;
  uint64_t target = std::min(kWantedRecords * mean,
                             std::max(kLargeWindow, kWantedRecords / 2 * mean));
  target = std::min(std::max(target, kUsualTarget), kMaxFrames * mean);
  if (window.memory > 0) {
    const double memory_of_byte =
        static_cast<double>(window.memory) / static_cast<double>(summary.bytes);
    const double most = static_cast<double>(kUsualMemory) / memory_of_byte;
    if (most < static_cast<double>(target)) {
      target = static_cast<uint64_t>(most);
    }
  }
  if (window.was_split) {
    target = std::min(target, summary.bytes - summary.bytes / 4);
  }
  target_bytes_ =
      static_cast<size_t>(std::clamp(target, kSmallestTarget, kLargestTarget));
}

void WindowPool::Give(std::unique_ptr<Window> window) noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Learn(*window);
  }
  const size_t kept = ReservedMemory(*window);
  window->parts.clear();  // releases mappings and buffers now, not on reuse
  window->rest.clear();
  window->ClearResults();
  // Memory that one unusual window needed is not kept for all later ones.
  DropLargeFrames(&window->frames);
  if (kept > kMaxKept) {
    window->batch = {};
    window->encoded.reset();
    window->quarantined.reset();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  // Without allocation: the room was reserved.
  if (free_.size() < max_idle_) free_.push_back(std::move(window));
}

void WindowPool::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.clear();
  max_idle_ = 0;
}

}  // namespace thresh
