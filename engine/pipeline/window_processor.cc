// Container, envelope, digest, wire, batch, sink, in this order. The first
// three run over the whole window one after the other, the digests of all its
// parts in one go; the others take turns on a few blobs each, so that rows are
// digested and encoded while they and the bytes that they point to are in
// cache.
#include "pipeline/window_processor.h"

#include <algorithm>

#include "digest/md5_lanes.h"
#include "envelope/envelope.h"
#include "pipeline/check_options.h"

namespace thresh {
namespace {

// Input whose rows are made, digested and encoded at a time.
constexpr size_t kTurnBytes = size_t{256} << 10;

void FrameParts(Window* window) {
  if (window->frames.size() < window->parts.size()) {
    window->frames.resize(window->parts.size());
  }
  for (size_t i = 0; i < window->parts.size(); ++i) {
    const Part& part = window->parts[i];
    if (part.container == nullptr || part.abandoned) continue;
    part.container->frame(part.segment, &window->frames[i]);
  }
}

void VerifyDigests(Window* window) {
  for (const Frames& frames : window->frames) {
    for (const Frame& frame : frames.list) {
      if (frame.opaque || !LooksAggregated(frame.record)) continue;
      window->messages.push_back(MessageOf(frame.record));
    }
  }
  window->digests.resize(window->messages.size());
  Md5Many(window->messages, window->digests);
  const Md5Digest* digest = window->digests.data();
  for (Frames& frames : window->frames) {
    for (Frame& frame : frames.list) {
      if (frame.opaque || !LooksAggregated(frame.record)) continue;
      frame.verified = std::ranges::equal(*digest++, DigestOf(frame.record));
    }
  }
}

// Takes opaque frames that touch an open edge of the part off the list.
void HoldBackEdges(Part* part, std::span<const Frame>* list) {
  const size_t settled = part->segment.bytes.size() - part->unsettled;
  if (!part->container->joins_opaque) return;
  while (!part->starts_input && !list->empty() && list->front().opaque &&
         list->front().offset == part->leading_opaque) {
    part->leading_opaque += list->front().length;
    *list = list->subspan(1);
  }
  while (!part->segment.ends_input && !list->empty() && list->back().opaque &&
         list->back().offset + list->back().length ==
             settled - part->trailing_opaque) {
    part->trailing_opaque += list->back().length;
    *list = list->first(list->size() - 1);
  }
}

}  // namespace

void WindowProcessor::FinishPart(Part* part, Frames* frames,
                                 Window* window) const {
  Summary* summary = &window->summary;
  summary->bytes += part->bytes;
  summary->stored_bytes += part->stored_bytes;
  summary->unread_bytes += part->lost_bytes;
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
  }
  part->unsettled = frames->unsettled;
  std::span<const Frame> list(frames->list.begin(), frames->list.end());
  HoldBackEdges(part, &list);
  size_t since = 0;  // bytes of frames whose rows are still to be digested
  for (const Frame& frame : list) {
    AppendFrame(frame, {part->source, part->segment.offset, &frames->metadata},
                window);
    since += frame.length;
    if (since < kTurnBytes) continue;
    DigestAndEncode(window);
    since = 0;
  }
  DigestAndEncode(window);
  summary->framing_bytes += frames->framing_bytes;
  summary->unread_bytes += frames->unread_bytes;
  if (frames->error.has_value() && !part->failed) {
    part->failed = true;
    window->errors.push_back(*frames->error);
    window->errors.back().file = inputs_[part->source];
  }
}

void WindowProcessor::AppendFrame(const Frame& frame, const FrameOrigin& origin,
                                  Window* window) const {
  const bool pass = options_.on_suspect == SuspectPolicy::kPass;
  const Verdict verdict =
      AppendRow(frame, origin, pass, &window->batch, &window->summary);
  if (IsSuspect(verdict) && !window->first_suspect.has_value()) {
    window->first_suspect = window->batch.kinesis_records.back();
  }
}

// Without a sink the batch itself is what the window is made for.
void WindowProcessor::DigestAndEncode(Window* window) const {
  if (window->summary.content_digest.has_value()) {
    window->summary.content_digest->Add(window->batch, window->digested_rows);
    window->digested_rows = window->batch.user_records.size();
  }
  if (sink_ == nullptr) return;
  sink_->Encode(window->batch, &window->encoded);
  if (quarantine_ != nullptr) {
    quarantine_->Encode(window->batch, &window->quarantined);
  }
  window->batch.Clear();
  window->digested_rows = 0;
}

void WindowProcessor::Process(Window* window) const {
  window->ClearResults();
  window->summary = EmptySummary(options_);
  FrameParts(window);
  VerifyDigests(window);
  for (size_t i = 0; i < window->parts.size(); ++i) {
    FinishPart(&window->parts[i], &window->frames[i], window);
  }
}

void WindowProcessor::ProcessOpaque(uint32_t source, uint64_t offset,
                                    Window* window) const {
  window->summary = EmptySummary(options_);
  const Bytes bytes(window->stitched.data(), window->stitched.size());
  AppendFrame({.offset = 0,
               .length = bytes.size(),
               .record = bytes,
               .opaque = true,
               .verified = false},
              {source, offset, nullptr}, window);
  DigestAndEncode(window);
}

}  // namespace thresh
