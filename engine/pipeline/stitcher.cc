// Three things may cross the border between two windows: an opaque span, which
// is held back and joined here; a blob that was cut in two, for which the
// second window is processed again after the carried bytes; and the failure of
// an input, which removes the rest of it from later windows. All are rare, so
// none of this is fast. But it is linear: unresolved bytes are processed again
// only when they have grown by half.
#include "pipeline/stitcher.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "container/blob_gap.h"
#include "pipeline/window_errors.h"
#include "pipeline/window_memory.h"

namespace thresh {
namespace {

// The bytes of a window that are copied after carried ones, unless more are
// needed to process them.
constexpr size_t kMaxJoined = size_t{16} << 20;

void Append(Bytes bytes, Column<uint8_t>* out) {
  if (bytes.empty()) return;
  const size_t size = out->size();
  out->Resize(size + bytes.size());
  std::memcpy(out->data() + size, bytes.data(), bytes.size());
}

Bytes ViewOf(const Column<uint8_t>& column) {
  return {column.data(), column.size()};
}

// Carried bytes and the segment after them, contiguous.
class JoinedBytes : public MemoryOwner {
 public:
  JoinedBytes(Column<uint8_t> carry, const Segment& segment)
      : bytes_(std::move(carry)), rest_(segment.owner) {
    Append(segment.bytes, &bytes_);
  }
  [[nodiscard]] Bytes bytes() const { return ViewOf(bytes_); }
  [[nodiscard]] std::optional<uint64_t> FaultOffset() const override {
    return rest_ == nullptr ? std::nullopt : rest_->FaultOffset();
  }

 private:
  Column<uint8_t> bytes_;
  std::shared_ptr<const MemoryOwner> rest_;
};

// Joined bytes are copied: a large window is joined in pieces, cut at a likely
// place.
void LimitJoined(size_t most, Window* window) {
  const Part& first = window->parts.front();
  if (first.segment.bytes.size() <= most) return;
  const size_t cut = first.container->cut(first.segment.bytes.first(most),
                                          /*at_end=*/false);
  LeaveBytes(0, cut == 0 ? most : cut, window);
}

}  // namespace

// The first part's input failed in an earlier window.
void Stitcher::Abandon(Window* window) {
  Part& first = window->parts.front();
  if (failed_source_ != first.source || first.abandoned) return;
  first.abandoned = true;
  first.segment.error.reset();
  processor_.Process(window);
}

// If the carried bytes and the window's are too few to be processed together,
// moves the window's to the carried ones. Otherwise returns false.
bool Stitcher::AddToCarry(Window* window) {
  Segment& segment = window->parts.front().segment;
  const size_t size = carry_.size();
  if (segment.ends_input || size + segment.bytes.size() >= enough_) {
    return false;
  }
  Append(segment.bytes, &carry_);
  if (FaultOf(window->parts.front()).has_value()) {
    carry_.Resize(size);
    return false;
  }
  segment.offset += segment.bytes.size();
  segment.bytes = {};
  processor_.Process(window);
  return true;
}

void Stitcher::JoinCarry(Window* window) {
  if (carry_.empty()) return;
  LimitJoined(std::max(enough_, kMaxJoined), window);
  if (AddToCarry(window)) return;
  Part& first = window->parts.front();
  auto joined =
      std::make_shared<JoinedBytes>(std::exchange(carry_, {}), first.segment);
  first.segment.bytes = joined->bytes();
  first.segment.offset = carry_offset_;
  first.segment.owner = std::move(joined);
  first.failed_searches = std::exchange(carry_failed_searches_, {});
  processor_.Process(window);
}

// Cuts off the bytes of parts that could not be read, and returns whether there
// were any.
bool Stitcher::TrimFaults(Window* window) {
  bool trimmed = false;
  for (Part& part : window->parts) {
    const std::optional<uint64_t> fault = FaultOf(part);
    if (!fault.has_value()) continue;
    Segment& segment = part.segment;
    const uint64_t good = *fault - segment.offset;
    part.lost_bytes += segment.bytes.size() - good;
    segment.bytes = segment.bytes.first(static_cast<size_t>(good));
    segment.ends_input = true;
    segment.error = FaultError(processor_.inputs()[part.source], *fault);
    trimmed = true;
  }
  return trimmed;
}

std::unique_ptr<Window> Stitcher::Take(
    std::unique_ptr<Window> window,
    std::vector<std::unique_ptr<Window>>* ready) {
  const InputPlace place = PlaceOf(*window);
  try {
    return TakeNext(std::move(window), ready);
  } catch (const std::bad_alloc&) {
    throw NoMemoryAt(place);
  }
}

std::unique_ptr<Window> Stitcher::TakeNext(
    std::unique_ptr<Window> window,
    std::vector<std::unique_ptr<Window>>* ready) {
  Abandon(window.get());
  JoinCarry(window.get());
  while (TrimFaults(window.get())) processor_.Process(window.get());
  std::unique_ptr<Window> rest;
  if (!window->out_of_memory) {
    TakeLeadingOpaque(window.get(), ready);
    KeepEnd(*window);
    rest = TakeRest(window.get());
  }
  ready->push_back(std::move(window));
  return rest;
}

std::unique_ptr<Window> Stitcher::ProcessAndTake(
    std::unique_ptr<Window> rest, std::vector<std::unique_ptr<Window>>* ready) {
  // With carried bytes before it, it is processed after it is joined with them.
  if (carry_.empty()) processor_.Process(rest.get());
  return Take(std::move(rest), ready);
}

std::unique_ptr<Window> Stitcher::TakeRest(Window* window) {
  if (window->rest.empty()) return nullptr;
  std::unique_ptr<Window> rest = pool_->Take();
  rest->parts = std::exchange(window->rest, {});
  // Consecutive parts that were left may be of the same input: the stitcher
  // joins them.
  for (size_t i = 1; i < rest->parts.size(); ++i) {
    if (rest->parts[i].source != rest->parts[i - 1].source) continue;
    LeaveParts(i, rest.get());
    break;
  }
  if (window->was_split) {
    size_t frames = 0;
    for (const Frames& part : window->frames) frames += part.list.size();
    rest->max_frames = std::max<size_t>(2 * frames, 1);
  }
  Part* next = &rest->parts.front();
  const Part& last = window->parts.back();
  if (next->source == last.source && !next->starts_input) {
    const Frames& frames = window->frames[window->parts.size() - 1];
    next->failed_searches = frames.failed_searches;
    next->open_document = frames.open_document;
  }
  return rest;
}

void Stitcher::TakeLeadingOpaque(Window* window,
                                 std::vector<std::unique_ptr<Window>>* ready) {
  const Part& first = window->parts.front();
  if (first.leading_opaque > 0) {
    if (opaque_.empty()) BeginOpaque(first, 0, first.leading_reason);
    Append(first.segment.bytes.first(first.leading_opaque), &opaque_);
  }
  const bool closed =
      first.segment.ends_input ||
      first.leading_opaque + first.unresolved < first.segment.bytes.size();
  if (closed && opaque_after_record_ && IsLineEnd(ViewOf(opaque_))) {
    window->held_framing = opaque_.size();
    opaque_.Clear();
  } else if (opaque_line_ends_ && !opaque_.empty()) {
    TrimOpaque(closed ? window : nullptr);
  }
  window->summary.framing_bytes += window->held_framing;
  FlushOpaque(closed ? 0 : kMaxRecordBytes, ready);
}

// Removes the line ends around the held-back span, which is a damaged blob: the
// one before it when a piece of the span is to be emitted, the one after it
// when it is known that `next` follows.
void Stitcher::TrimOpaque(Window* next) {
  const bool emits = next != nullptr || opaque_.size() > kMaxRecordBytes;
  if (emits && std::exchange(opaque_after_record_, false)) {
    const size_t size = LineEndBeforeDamage(ViewOf(opaque_));
    if (size > 0) {
      Column<uint8_t> rest;
      Append(ViewOf(opaque_).subspan(size), &rest);
      opaque_ = std::move(rest);
      opaque_offset_ += size;
      opaque_reason_ = Reason::kDigest;
      opaque_line_end_ = size;
      opaque_line_end_counts_ = true;
    }
  }
  if (next == nullptr) return;
  next->held_framing =
      LineEndAfterDamage(ViewOf(opaque_), opaque_line_end_, opaque_whole_);
  opaque_.Resize(opaque_.size() - next->held_framing);
}

// A span begins `begin` bytes into `part`. It follows a record, unless the
// input begins there.
void Stitcher::BeginOpaque(const Part& part, size_t begin, Reason reason) {
  opaque_reason_ = reason;
  opaque_source_ = part.source;
  opaque_offset_ = part.segment.offset + begin;
  opaque_line_ends_ = part.container->line_ends_frame;
  opaque_after_record_ = opaque_line_ends_ && opaque_offset_ > 0;
  opaque_whole_ = true;
  opaque_line_end_ = 0;
}

// Emits the held-back span in pieces of kMaxRecordBytes, as Frames does within
// a segment, until no more than `keep` bytes are left.
void Stitcher::FlushOpaque(size_t keep,
                           std::vector<std::unique_ptr<Window>>* ready) {
  if (opaque_.size() <= keep) return;
  Bytes left = ViewOf(opaque_);
  while (left.size() > keep) {
    const Bytes piece = left.first(std::min(left.size(), kMaxRecordBytes));
    std::unique_ptr<Window> window = pool_->Take();
    Append(piece, &window->stitched);
    processor_.ProcessOpaque(opaque_source_, opaque_offset_, opaque_reason_,
                             window.get());
    ready->push_back(std::move(window));
    if (std::exchange(opaque_line_end_counts_, false)) {
      ready->back()->summary.framing_bytes += opaque_line_end_;
    }
    opaque_offset_ += piece.size();
    opaque_after_record_ = opaque_whole_ = false;
    left = left.subspan(piece.size());
  }
  Column<uint8_t> rest;
  Append(left, &rest);
  opaque_ = std::move(rest);
}

// Keeps what the window's last part leaves to the next window.
void Stitcher::KeepEnd(const Window& window) {
  const Part& last = window.parts.back();
  if (last.failed) failed_source_ = last.source;
  const Segment& segment = last.segment;
  const size_t resolved = segment.bytes.size() - last.unresolved;
  if (last.trailing_opaque > 0) {
    const size_t begin = resolved - last.trailing_opaque;
    BeginOpaque(last, begin, last.trailing_reason);
    Append(segment.bytes.subspan(begin, last.trailing_opaque), &opaque_);
  }
  if (last.unresolved > 0) {
    carry_offset_ = segment.offset + resolved;
    Append(segment.bytes.subspan(resolved), &carry_);
    carry_failed_searches_ =
        window.frames[window.parts.size() - 1].failed_searches;
    enough_ = carry_.size() + carry_.size() / 2;
  }
}

}  // namespace thresh
