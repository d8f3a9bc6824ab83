// The first half of WindowProcessor: which frames a window has, and which of
// them verify, over all its parts.
#include <algorithm>

#include "digest/md5_lanes.h"
#include "pipeline/window_memory.h"
#include "pipeline/window_processor.h"
#include "record/envelope.h"

namespace thresh {
namespace {

bool NeedsDigest(const Frame& frame) {
  return !frame.opaque && !frame.skipped && LooksAggregated(frame.record);
}

}  // namespace

void WindowProcessor::FrameParts(const Bounds& bounds, Window* window) const {
  if (window->frames.size() < window->parts.size()) {
    window->frames.resize(window->parts.size());
  }
  size_t most = window->max_frames;
  size_t memory = FrameMemory(options_);
  for (size_t i = 0; i < window->parts.size(); ++i) {
    const Part& part = window->parts[i];
    if (part.container == nullptr || part.abandoned) continue;
    Frames* frames = &window->frames[i];
    frames->failed_searches = part.failed_searches;
    frames->open_document = part.open_document;
    frames->may_guess = bounds.guess;
    const size_t frame_bytes = part.container->frame_bytes;
    frames->max_frames = std::min(most, memory / frame_bytes);
    const bool last = i + 1 == window->parts.size();
    if (last && bounds.fits.has_value()) {
      frames->max_frames = std::min(frames->max_frames, *bounds.fits);
    }
    frames->max_frames = std::max<size_t>(frames->max_frames, 1);
    part.container->frame(part.segment, frames);
    window->frame_memory += frames->memory();
    if (frames->left > 0) {
      if (part.container->resolve == nullptr) return LeaveRest(i, window);
      // Where the rest starts depends on the candidates.
      window->was_split |= !last;
      return LeaveParts(i + 1, window);
    }
    most -= std::min(most, frames->list.size());
    memory -= std::min(memory, frames->list.size() * frame_bytes);
    if (!last && (most == 0 || memory == 0)) {
      window->was_split = true;
      return LeaveParts(i + 1, window);
    }
  }
}

// Marks and counts the records that the filter leaves unread. If frames are
// candidates, they must be resolved first.
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

void WindowProcessor::VerifyDigests(const Bounds& bounds,
                                    Window* window) const {
  for (size_t i = 0; i < window->parts.size(); ++i) {
    const Part& part = window->parts[i];
    Frames* frames = &window->frames[i];
    if (part.container != nullptr && part.container->resolve == nullptr) {
      if (bounds.last != nullptr && i + 1 == window->parts.size()) {
        frames->EndWith(bounds.last->offset - part.segment.offset,
                        bounds.last->length);
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

}  // namespace thresh
