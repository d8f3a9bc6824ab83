// Container, digest, record, filter, sink, in this order. The
// first two run over the whole window one after the other, the digests of all
// its parts at once; the others alternate on a few blobs at a time, so that
// rows are digested and encoded while they and the bytes that they point to are
// in cache.
#include "pipeline/window_processor.h"

#include <algorithm>
#include <new>

#include "pipeline/batch_slices.h"
#include "pipeline/check_options.h"
#include "pipeline/ordered_filter.h"
#include "pipeline/window_memory.h"

namespace thresh {
namespace {

// The cost of a frame besides its bytes; a frame may be empty.
constexpr size_t kFrameBytes = 16;

// The content digest hashes records in parallel lanes, and is faster if a turn
// has at least this many, or this much input.
constexpr size_t kDigestRows = 64;
constexpr size_t kDigestTurnBytes = size_t{16} << 20;

// Removes opaque frames that touch an open edge of the part from the list.
void HoldBackEdges(Part* part, std::span<const Frame>* list) {
  const size_t resolved = part->segment.bytes.size() - part->unresolved;
  if (!part->container->joins_opaque) return;
  while (!part->starts_input && !list->empty() && list->front().opaque &&
         list->front().offset == part->leading_opaque) {
    if (part->leading_opaque == 0) part->leading_reason = list->front().reason;
    part->leading_opaque += list->front().length;
    *list = list->subspan(1);
  }
  while (!part->segment.ends_input && !list->empty() && list->back().opaque &&
         list->back().offset + list->back().length ==
             resolved - part->trailing_opaque) {
    part->trailing_opaque += list->back().length;
    part->trailing_reason = list->back().reason;
    *list = list->first(list->size() - 1);
  }
}

}  // namespace

// Whether a turn ends that has `bytes` of input.
bool WindowProcessor::EndsTurn(size_t bytes, const Window& window) const {
  if (bytes < turn_bytes_) return false;
  if (!window.summary.content_digest.has_value()) return true;
  const size_t rows = window.batch.user_records.size() - window.digested.rows;
  return rows >= kDigestRows || bytes >= kDigestTurnBytes;
}

bool WindowProcessor::IsFull(const Window& window) const {
  return window.frame_memory + ResultMemory(window) > memory_;
}

// False if only now some is left to another window: then all must be done
// again, with at most bounds->fits of the last part's frames.
bool WindowProcessor::FinishPart(size_t index, Bounds* bounds,
                                 Window* window) const {
  Part* part = &window->parts[index];
  Frames* frames = &window->frames[index];
  Summary* summary = &window->summary;
  const bool resolves = !part->abandoned && part->container != nullptr &&
                        part->container->resolve != nullptr;
  if (resolves) {
    part->container->resolve(part->segment, frames);
    if (frames->misguessed) return StopGuessing(bounds);
    if (frames->left > 0) {
      const bool was_last = part == &window->parts.back();
      LeaveRest(index, window);
      if (!was_last) return false;
    }
  }
  summary->bytes += part->bytes;
  summary->stored_bytes += part->stored_bytes;
  summary->unread_bytes += part->lost_bytes;
  summary->left_out += part->left_out;
  part->leading_opaque = part->trailing_opaque = part->unresolved = 0;
  part->failed = false;
  if (part->abandoned) {
    summary->unread_bytes += part->bytes;
    return true;
  }
  if (part->segment.error.has_value()) {
    part->failed = true;
    window->errors.push_back(*part->segment.error);
  }
  if (part->container == nullptr) return true;
  // The first of the splits of a file counts it.
  if (part->starts_input && part->segment.offset == 0) ++summary->inputs;
  if (resolves) {
    if (bounds->last != nullptr && part == &window->parts.back()) {
      frames->EndWith(bounds->last->offset - part->segment.offset,
                      bounds->last->length);
    }
    MarkSkipped(frames, summary);
  }
  part->unresolved = frames->unresolved;
  if (!AppendFrames(index, bounds, window)) return false;
  Account(*part, *frames, window);
  if (frames->error.has_value() && !part->failed) {
    part->failed = true;
    window->errors.push_back(*frames->error);
    window->errors.back().file = inputs_[part->source];
  }
  return true;
}

// The window must be framed again, because a guess was wrong.
bool WindowProcessor::StopGuessing(Bounds* bounds) const {
  bounds->guess = false;
  guess_limit_.WasWrong();
  return false;
}

// As FinishPart.
bool WindowProcessor::AppendFrames(size_t index, Bounds* bounds,
                                   Window* window) const {
  Part* part = &window->parts[index];
  const Frames* frames = &window->frames[index];
  const auto leave_from = [&](const Frame* frame) {
    bounds->fits = static_cast<size_t>(frame - frames->list.begin());
    LeaveParts(index + 1, window);
    window->was_split = true;
    return false;
  };
  std::span<const Frame> list(frames->list.begin(), frames->list.end());
  HoldBackEdges(part, &list);
  size_t since = 0;  // bytes of frames whose rows are still to be digested
  bool guessed = false;
  for (const Frame& frame : list) {
    if (frame.skipped) continue;
    guessed |= frame.guessed;
    if (!AppendFrame(frame,
                     {part->source, part->segment.offset, &frames->metadata},
                     window)) {
      return StopGuessing(bounds);
    }
    since += frame.length + kFrameBytes;
    if (!EndsTurn(since, *window)) continue;
    FilterDigestEncode(window);
    since = 0;
    const bool is_last = &frame == &list.back();
    if (!is_last && !bounds->fits.has_value() && IsFull(*window)) {
      return leave_from(&frame + 1);
    }
  }
  FilterDigestEncode(window);
  const bool is_last = index + 1 == window->parts.size();
  if (!is_last && !bounds->fits.has_value() && IsFull(*window)) {
    return leave_from(frames->list.end());
  }
  if (guessed) guess_limit_.Held();
  return true;
}

// Counts bytes that have no rows.
void WindowProcessor::Account(const Part& part, const Frames& frames,
                              Window* window) const {
  Summary* summary = &window->summary;
  summary->framing_bytes += frames.framing_bytes;
  summary->unread_bytes += frames.unread_bytes;
  for (const Frame& frame : frames.list) {
    summary->lenient_data += frame.lenient ? 1 : 0;
    summary->unreadable_metadata += frame.unreadable_metadata;
    if (frame.wrapped_width == 0) continue;
    const bool several = frame.wrapped_width < 0;
    const int width = several ? -frame.wrapped_width : frame.wrapped_width;
    WrappedLines* lines = &summary->wrapped_lines[width == 64 ? 0 : 1];
    ++(several ? lines->records : lines->lines);
  }
  summary->reports_without_records += frames.missing_ranges.size();
  for (const MissingRange& reported : frames.missing_ranges) {
    if (summary->missing_ranges.size() == Summary::kMaxMissingRanges) break;
    MissingRange range = reported;
    range.file = inputs_[part.source];
    range.offset += part.segment.offset;
    summary->missing_ranges.push_back(std::move(range));
  }
}

// False if a guess was wrong.
bool WindowProcessor::AppendFrame(const Frame& frame, const FrameOrigin& origin,
                                  Window* window) const {
  const RowOptions options = {
      .pass_suspects = options_.on_suspect == SuspectPolicy::kPass,
      .nested = options_.nested};
  const std::optional<Verdict> verdict =
      AppendRow(frame, origin, options, &window->batch, &window->summary);
  if (!verdict.has_value()) return false;
  if (IsSuspect(*verdict) && !window->first_suspect.has_value()) {
    window->first_suspect = window->batch.kinesis_records.back();
  }
  return true;
}

// Without a sink the batch itself is the result.
void WindowProcessor::FilterDigestEncode(Window* window) const {
  Batch* batch = &window->batch;
  if (filter_.asks_for_rows()) {
    if (window->filter_scratch == nullptr) {
      window->filter_scratch = std::make_unique<FilterScratch>();
    }
    filter_.Apply(window->digested, batch, &window->summary,
                  window->filter_scratch.get());
  }
  if (IsOrdered(options_.filter)) {
    window->digested = BatchMark::EndOf(*batch);
    return;
  }
  if (window->summary.content_checksum.has_value()) {
    window->summary.content_checksum->Add(*batch, window->digested.rows);
  }
  if (window->summary.content_digest.has_value()) {
    window->summary.content_digest->Add(*batch, window->digested.rows);
  }
  window->digested = BatchMark::EndOf(*batch);
  if (sink_ == nullptr) return;
  if (sink_->takes_records_split()) {
    window->deferred |= EncodedMemory(*window) > WaitingMemory(options_) ||
                        !IsSmall(*batch, SliceMemory(options_));
    if (window->deferred) return;
  }
  window->Encode(*sink_, quarantine_);
  batch->Clear();
  window->digested = {};
}

void WindowProcessor::Process(Window* window) const {
  // Records that a filter leaves unread would not show where they end.
  const bool guess = !filter_.asks_for_metadata() && guess_limit_.Allows();
  Process({.guess = guess}, window);
}

void WindowProcessor::ProcessUpTo(const KinesisRecord& last,
                                  const Window& window, Window* counted) const {
  for (const Part& part : window.parts) {
    counted->parts.push_back(part);
    if (part.source == last.source) break;
  }
  counted->max_frames = window.max_frames;
  Part* ends = &counted->parts.back();
  SeeBytesAfter(ends);
  ends->segment.error.reset();
  ends->lost_bytes = 0;
  Process({.last = &last}, counted);
  counted->summary.framing_bytes += window.held_framing;
}

void WindowProcessor::Process(Bounds bounds, Window* window) const {
  try {
    for (Part& part : window->parts) part.bytes_after = 0;
    while (!TryParts(&bounds, window)) TakeBack(window);
    window->memory = window->frame_memory + ResultMemory(*window);
    for (const Part& part : window->parts) {
      if (!part.resident) window->memory += part.segment.bytes.size();
    }
  } catch (const std::bad_alloc&) {
    window->FreeResults();
    window->out_of_memory = true;
  }
}

bool WindowProcessor::TryParts(Bounds* bounds, Window* window) const {
  window->ClearResults();
  window->summary = EmptySummary(options_);
  FrameParts(*bounds, window);
  VerifyDigests(*bounds, window);
  for (size_t i = 0; i < window->parts.size(); ++i) {
    if (!FinishPart(i, bounds, window)) return false;
  }
  return true;
}

void WindowProcessor::ProcessOpaque(uint32_t source, uint64_t offset,
                                    Reason reason, Window* window) const {
  window->stitched_source = source;
  window->stitched_offset = offset;
  window->summary = EmptySummary(options_);
  const Bytes bytes(window->stitched.data(), window->stitched.size());
  (void)AppendFrame({.offset = 0,
                     .length = bytes.size(),
                     .record = bytes,
                     .opaque = true,
                     .verified = false,
                     .reason = reason},
                    {source, offset, nullptr}, window);
  FilterDigestEncode(window);
}

}  // namespace thresh
