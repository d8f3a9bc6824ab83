// Small inputs share a window, so that the digest lanes stay full across files;
// a large one is distributed over many windows, and so over workers.
#include "pipeline/window_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "pipeline/recognize_input.h"
#include "thresh/split.h"

namespace thresh {
namespace {

constexpr size_t kMaxParts = 256;

// The most bytes that are read of streams for a window: they take memory.
constexpr size_t kLargestRead = size_t{16} << 20;

Error Named(Error error, const std::string& file) {
  error.file = file;
  return error;
}

}  // namespace

void WindowReader::AddClosed(OpenedInput closed, Window* window) {
  Part part;
  part.source = closed.source;
  part.starts_input = true;
  part.segment.ends_input = true;
  part.segment.error = std::move(closed.error);
  if (std::optional<ArchiveEnd>& end = closed.archive_end; end.has_value()) {
    // The bytes not counted with members: headers, and what was left out.
    const uint64_t counted = std::exchange(member_bytes_, 0);
    part.stored_bytes = std::max(end->stored_bytes, counted) - counted;
    part.left_out = end->left_out;
    part.segment.error = std::move(end->error);
  }
  window->parts.push_back(std::move(part));
}

bool WindowReader::OpenNext(Window* window, Background* background) {
  place_.reset();
  std::optional<OpenedInput> next = opener_.Next(background);
  if (!next.has_value()) return false;
  place_ = {next->source, 0};
  if (next->content != nullptr) {
    const Result<const Container*> container = RecognizeInput(
        next->head != nullptr ? next->head.get() : next->content.get(),
        options_.container);
    if (container.has_value()) {
      source_ = std::move(next->content);
      source_number_ = next->source;
      container_ = *container;
      if (container_->ends_lines_with_files) source_->EndLinesWithFiles();
      starts_input_ = true;
      stored_offset_ = next->begin;
      return true;
    }
    next->error = Named(container.error(), inputs_[next->source]);
  }
  AddClosed(*std::move(next), window);
  return true;
}

void WindowReader::ReadPart(size_t target, Window* window) {
  Part part;
  part.source = source_number_;
  part.container = container_;
  part.starts_input = std::exchange(starts_input_, false);
  part.resident = source_->resident();
  part.segment = source_->Next(
      target, std::max(target, container_->segment_limit), container_->cut);
  if (part.segment.error.has_value()) {
    part.segment.error->file = inputs_[part.source];
  }
  part.bytes = part.segment.bytes.size();
  place_->offset = part.segment.offset + part.bytes;
  part.stored_bytes = part.segment.stored_offset -
                      std::exchange(stored_offset_, part.segment.stored_offset);
  if (part.source >= inputs_.splits().size())
    member_bytes_ += part.stored_bytes;
  if (part.segment.ends_input) source_.reset();
  window->parts.push_back(std::move(part));
}

bool WindowReader::Next(Window* window, Background* background) {
  try {
    return Fill(window, background);
  } catch (const std::bad_alloc&) {
    if (!place_.has_value()) throw;
    throw NoMemoryAt(*place_);
  }
}

bool WindowReader::Fill(Window* window, Background* background) {
  const size_t target = std::min(options_.window_bytes, window->target_bytes);
  size_t filled = 0;
  size_t streamed = 0;
  // A nearly full window does not take a small piece of the next input.
  while (filled <= target - target / 4 && streamed <= kLargestRead / 2 &&
         window->parts.size() < kMaxParts) {
    if (source_ == nullptr) {
      if (!OpenNext(window, background)) break;
      continue;
    }
    const size_t left = target - filled;
    const bool resident = source_->resident();
    const size_t most = resident ? container_->max_read : kLargestRead;
    ReadPart(std::min(left, most), window);
    const size_t size = window->parts.back().segment.bytes.size();
    filled += size;
    if (!resident) streamed += size;
    if (!window->parts.back().segment.ends_input) break;
  }
  return !window->parts.empty();
}

}  // namespace thresh
