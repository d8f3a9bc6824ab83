// Container, envelope, digest, wire, batch, filter, sink, in this order. The
// first three run over the whole window one after the other, the digests of all
// its parts in one go; the others take turns on a few blobs each, so that rows
// are digested and encoded while they and the bytes that they point to are in
// cache.
#include "pipeline/window_processor.h"

#include <algorithm>
#include <new>

#include "digest/md5_lanes.h"
#include "envelope/envelope.h"
#include "pipeline/batch_slices.h"
#include "pipeline/check_options.h"
#include "pipeline/ordered_filter.h"

namespace thresh {
namespace {

// Input whose rows are made, filtered, digested and encoded at a time.
constexpr size_t kTurnBytes = size_t{256} << 10;

// What a frame counts for beside its bytes, which may be none.
constexpr size_t kFrameBytes = 16;

// Output of a window that waits for its turn to be written.
constexpr size_t kMostWaiting = size_t{24} << 20;

// The content digest hashes records side by side, and is faster if a turn has
// so many, or so much input at least.
constexpr size_t kDigestRows = 64;
constexpr size_t kDigestTurnBytes = size_t{16} << 20;

// Whether a turn ends that has `bytes` of input.
bool EndsTurn(size_t bytes, const Window& window) {
  if (bytes < kTurnBytes) return false;
  if (!window.summary.content_digest.has_value()) return true;
  const size_t rows = window.batch.user_records.size() - window.digested.rows;
  return rows >= kDigestRows || bytes >= kDigestTurnBytes;
}

void FrameParts(Window* window) {
  if (window->frames.size() < window->parts.size()) {
    window->frames.resize(window->parts.size());
  }
  for (size_t i = 0; i < window->parts.size(); ++i) {
    const Part& part = window->parts[i];
    if (part.container == nullptr || part.abandoned) continue;
    window->frames[i].vain_searches = part.vain_searches;
    part.container->frame(part.segment, &window->frames[i]);
  }
}

bool NeedsDigest(const Frame& frame) {
  return !frame.opaque && !frame.skipped && LooksAggregated(frame.record);
}

// Takes opaque frames that touch an open edge of the part off the list.
void HoldBackEdges(Part* part, std::span<const Frame>* list) {
  const size_t settled = part->segment.bytes.size() - part->unsettled;
  if (!part->container->joins_opaque) return;
  while (!part->starts_input && !list->empty() && list->front().opaque &&
         list->front().offset == part->leading_opaque) {
    if (part->leading_opaque == 0) part->leading_reason = list->front().reason;
    part->leading_opaque += list->front().length;
    *list = list->subspan(1);
  }
  while (!part->segment.ends_input && !list->empty() && list->back().opaque &&
         list->back().offset + list->back().length ==
             settled - part->trailing_opaque) {
    part->trailing_opaque += list->back().length;
    part->trailing_reason = list->back().reason;
    *list = list->first(list->size() - 1);
  }
}

}  // namespace

// Marks and counts the records that the filter leaves unread. Where frames were
// conjectures, they have to be settled first.
void WindowProcessor::MarkSkipped(Frames* frames, Summary* summary) const {
  if (!filter_.asks_for_metadata()) return;
  for (Frame& frame : frames->list) {
    if (frame.opaque) continue;
    const Fate fate = filter_.FateOf(frame.metadata == kNoMetadata
                                         ? KinesisMetadata()
                                         : frames->metadata[frame.metadata]);
    if (fate == Fate::kRead) continue;
    frame.skipped = true;
    ++summary->kinesis_records;
    ++summary->skipped_records;
    summary->skipped_without_metadata += fate == Fate::kSkipUnknown ? 1 : 0;
    summary->skipped_unreadable_time += fate == Fate::kSkipUnreadable ? 1 : 0;
    summary->record_bytes += frame.length;
  }
}

void WindowProcessor::VerifyDigests(const KinesisRecord* last,
                                    Window* window) const {
  for (size_t i = 0; i < window->parts.size(); ++i) {
    const Part& part = window->parts[i];
    Frames* frames = &window->frames[i];
    if (part.container != nullptr && part.container->settle == nullptr) {
      if (last != nullptr && i + 1 == window->parts.size()) {
        frames->EndWith(last->offset - part.segment.offset, last->length);
      }
      MarkSkipped(frames, &window->summary);
    }
    for (const Frame& frame : frames->list) {
      if (NeedsDigest(frame)) {
        window->messages.push_back(MessageOf(frame.record));
      }
    }
  }
  window->digests.resize(window->messages.size());
  Md5Many(window->messages, window->digests);
  const Md5Digest* digest = window->digests.data();
  for (Frames& frames : window->frames) {
    for (Frame& frame : frames.list) {
      if (!NeedsDigest(frame)) continue;
      frame.verified = std::ranges::equal(*digest++, DigestOf(frame.record));
    }
  }
}

void WindowProcessor::FinishPart(const KinesisRecord* last, Part* part,
                                 Frames* frames, Window* window) const {
  Summary* summary = &window->summary;
  summary->bytes += part->bytes;
  summary->stored_bytes += part->stored_bytes;
  summary->unread_bytes += part->lost_bytes;
  summary->left_out += part->left_out;
  part->leading_opaque = part->trailing_opaque = part->unsettled = 0;
  part->failed = false;
  if (part->abandoned) {
    summary->unread_bytes += part->bytes;
    return;
  }
  if (part->segment.error.has_value()) {
    part->failed = true;
    window->errors.push_back(*part->segment.error);
  }
  if (part->container == nullptr) return;
  if (part->starts_input) ++summary->inputs;
  if (part->container->settle != nullptr) {
    part->container->settle(part->segment, frames);
    if (last != nullptr && part == &window->parts.back()) {
      frames->EndWith(last->offset - part->segment.offset, last->length);
    }
    MarkSkipped(frames, summary);
  }
  part->unsettled = frames->unsettled;
  std::span<const Frame> list(frames->list.begin(), frames->list.end());
  HoldBackEdges(part, &list);
  size_t since = 0;  // bytes of frames whose rows are still to be digested
  for (const Frame& frame : list) {
    if (frame.skipped) continue;
    AppendFrame(frame, {part->source, part->segment.offset, &frames->metadata},
                window);
    since += frame.length + kFrameBytes;
    if (!EndsTurn(since, *window)) continue;
    FilterDigestEncode(window);
    since = 0;
  }
  FilterDigestEncode(window);
  Account(*part, frames, window);
  if (frames->error.has_value() && !part->failed) {
    part->failed = true;
    window->errors.push_back(*frames->error);
    window->errors.back().file = inputs_[part->source];
  }
}

// Counts what has no rows.
void WindowProcessor::Account(const Part& part, Frames* frames,
                              Window* window) const {
  Summary* summary = &window->summary;
  summary->framing_bytes += frames->framing_bytes;
  summary->unread_bytes += frames->unread_bytes;
  for (const Frame& frame : frames->list) {
    summary->lenient_data += frame.lenient ? 1 : 0;
    summary->unreadable_metadata += frame.unreadable_metadata;
    if (frame.wrapped_width == 0) continue;
    const bool several = frame.wrapped_width < 0;
    const int width = several ? -frame.wrapped_width : frame.wrapped_width;
    WrappedLines* lines = &summary->wrapped_lines[width == 64 ? 0 : 1];
    ++(several ? lines->records : lines->lines);
  }
  for (MissingRange& range : frames->missing_ranges) {
    range.file = inputs_[part.source];
    range.offset += part.segment.offset;
    summary->missing_ranges.push_back(std::move(range));
  }
}

void WindowProcessor::AppendFrame(const Frame& frame, const FrameOrigin& origin,
                                  Window* window) const {
  const RowOptions options = {
      .pass_suspects = options_.on_suspect == SuspectPolicy::kPass,
      .nested = options_.nested};
  const Verdict verdict =
      AppendRow(frame, origin, options, &window->batch, &window->summary);
  if (IsSuspect(verdict) && !window->first_suspect.has_value()) {
    window->first_suspect = window->batch.kinesis_records.back();
  }
}

// Without a sink the batch itself is what the window is made for.
void WindowProcessor::FilterDigestEncode(Window* window) const {
  Batch* batch = &window->batch;
  if (filter_.asks_for_rows()) {
    filter_.Apply(window->digested, batch, &window->summary);
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
    window->deferred |=
        window->encoded.size() > kMostWaiting || !IsSmall(*batch);
    if (window->deferred) return;
  }
  sink_->Encode(*batch, &window->encoded);
  if (quarantine_ != nullptr) {
    quarantine_->Encode(*batch, &window->quarantined);
  }
  batch->Clear();
  window->digested = {};
}

void WindowProcessor::Process(Window* window) const {
  Process(nullptr, window);
}

void WindowProcessor::ProcessUpTo(const KinesisRecord& last,
                                  const Window& window, Window* counted) const {
  for (const Part& part : window.parts) {
    counted->parts.push_back(part);
    if (part.source == last.source) break;
  }
  Part* ends = &counted->parts.back();
  ends->segment.error.reset();
  ends->lost_bytes = 0;
  Process(&last, counted);
  counted->summary.framing_bytes += window.held_framing;
}

void WindowProcessor::Process(const KinesisRecord* last, Window* window) const {
  try {
    ProcessParts(last, window);
  } catch (const std::bad_alloc&) {
    window->FreeResults();
    window->out_of_memory = true;
  }
}

void WindowProcessor::ProcessParts(const KinesisRecord* last,
                                   Window* window) const {
  window->ClearResults();
  window->summary = EmptySummary(options_);
  FrameParts(window);
  VerifyDigests(last, window);
  for (size_t i = 0; i < window->parts.size(); ++i) {
    FinishPart(last, &window->parts[i], &window->frames[i], window);
  }
}

void WindowProcessor::ProcessOpaque(uint32_t source, uint64_t offset,
                                    Reason reason, Window* window) const {
  window->summary = EmptySummary(options_);
  const Bytes bytes(window->stitched.data(), window->stitched.size());
  AppendFrame({.offset = 0,
               .length = bytes.size(),
               .record = bytes,
               .opaque = true,
               .verified = false,
               .reason = reason},
              {source, offset, nullptr}, window);
  FilterDigestEncode(window);
}

}  // namespace thresh
