// Small inputs share a window, so that the digest lanes stay full across
// files; a large one is spread over many windows, and so over workers.
#include "pipeline/window_reader.h"

#include <algorithm>
#include <utility>

#include "input/open.h"

namespace thresh {
namespace {

constexpr size_t kMaxParts = 256;

// The most that is read of streams for a window: it takes memory.
constexpr size_t kLargestRead = size_t{16} << 20;

Error Named(Error error, const std::string& file) {
  error.file = file;
  return error;
}

Part FailedPart(uint32_t source, Error error) {
  Part part;
  part.source = source;
  part.starts_input = true;
  part.segment.ends_input = true;
  part.segment.error = std::move(error);
  return part;
}

}  // namespace

Result<const Container*> WindowReader::Recognise(SegmentSource* source) const {
  const ContainerKind named = options_.container;
  if (named != ContainerKind::kAuto && named != ContainerKind::kJson) {
    return &ContainerOf(named);
  }
  for (size_t most = kSniffBytes;; most *= 16) {
    Result<Bytes> head = source->Peek(most + 1);
    if (!head.has_value()) return tl::unexpected(std::move(head).error());
    const bool whole = head->size() <= most || most >= kMostSniffBytes;
    if (head->size() > most) head = head->first(most);
    if (named != ContainerKind::kAuto) {
      std::optional<Error> error = CheckContainer(named, *head, whole);
      if (error.has_value()) return tl::unexpected(*std::move(error));
      return &ContainerOf(named);
    }
    Result<ContainerKind> kind = SniffContainer(*head, whole);
    if (!kind.has_value()) return tl::unexpected(std::move(kind).error());
    if (*kind != ContainerKind::kAuto) return &ContainerOf(*kind);
  }
}

void WindowReader::OpenNext(Window* window, Background* background) {
  const uint32_t index = next_input_++;
  const std::string& name = inputs_[index];
  InputOpener::Opened opened =
      from_memory_
          ? OpenMemory(archive_, {.ratio = options_.max_expansion,
                                  .bytes = options_.max_expanded_bytes})
          : opener_.Next(background);
  if (!opened.has_value()) {
    window->parts.push_back(FailedPart(index, opened.error()));
    return;
  }
  const Result<const Container*> container = Recognise(opened->get());
  if (!container.has_value()) {
    window->parts.push_back(FailedPart(index, Named(container.error(), name)));
    return;
  }
  source_ = std::move(*opened);
  container_ = *container;
  starts_input_ = true;
  stored_offset_ = 0;
}

void WindowReader::ReadPart(size_t target, Window* window) {
  Part part;
  part.source = next_input_ - 1;
  part.container = container_;
  part.starts_input = std::exchange(starts_input_, false);
  part.segment = source_->Next(
      target, std::max(target, container_->segment_limit), container_->cut);
  if (part.segment.error.has_value()) {
    part.segment.error->file = inputs_[part.source];
  }
  part.bytes = part.segment.bytes.size();
  part.stored_bytes = part.segment.stored_offset -
                      std::exchange(stored_offset_, part.segment.stored_offset);
  if (part.segment.ends_input) source_.reset();
  window->parts.push_back(std::move(part));
}

bool WindowReader::Next(Window* window, Background* background) {
  const size_t target = std::min(options_.window_bytes, window->target_bytes);
  size_t filled = 0;
  size_t streamed = 0;
  // A window that is nearly full is not topped up with a sliver of the next
  // input.
  while (filled <= target - target / 4 && streamed <= kLargestRead / 2 &&
         window->parts.size() < kMaxParts) {
    if (source_ == nullptr) {
      if (next_input_ == inputs_.size()) break;
      OpenNext(window, background);
      continue;
    }
    const size_t left = target - filled;
    const bool resident = source_->resident();
    ReadPart(resident ? left : std::min(left, kLargestRead), window);
    const size_t size = window->parts.back().segment.bytes.size();
    filled += size;
    if (!resident) streamed += size;
    if (!window->parts.back().segment.ends_input) break;
  }
  return !window->parts.empty();
}

}  // namespace thresh
