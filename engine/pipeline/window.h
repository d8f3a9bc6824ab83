// The unit of work: some MiB of input, its records, their encoded form and
// everything that is counted about them. Windows are recycled, and keep their
// memory unless something unusual made it large.
#ifndef THRESH_PIPELINE_WINDOW_H_
#define THRESH_PIPELINE_WINDOW_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "container/container.h"
#include "digest/md5.h"
#include "filter/selection.h"
#include "input/segment.h"
#include "thresh/batch.h"
#include "thresh/chunk.h"
#include "thresh/input_list.h"
#include "thresh/result.h"
#include "thresh/sink.h"
#include "thresh/summary.h"

namespace thresh {

// What one input contributes to a window.
struct Part {
  uint32_t source = 0;                   // index of the input
  const Container* container = nullptr;  // null: the input cannot be read
  bool starts_input = false;
  // Its input failed in an earlier window: the bytes count as unread.
  bool abandoned = false;
  bool resident = false;  // the segment takes no memory of its own
  Segment segment;
  uint64_t bytes = 0;         // read for this part; carried ones not among them
  uint64_t stored_bytes = 0;  // the same as stored, before decompression
  uint64_t lost_bytes = 0;    // of `bytes`: could not be read after all
  LeftOut left_out;           // of the archive that this ends
  std::vector<VainSearch> vain_searches;  // from before the segment, into it

  OpenDocument open_document;  // that the segment begins in

  // Bytes after the segment that its container has seen and left to the
  // window's rest; what it found may depend on them. And whether the input ends
  // there.
  size_t bytes_after = 0;
  bool input_ends_after = false;

  // Found by the processor. Opaque bytes at an edge may be part of a span that
  // the neighbouring part continues: they are kept out of the batch, and the
  // stitcher adds them. All in bytes.
  size_t leading_opaque = 0;
  size_t trailing_opaque = 0;  // in front of what is unsettled
  Reason leading_reason = Reason::kNone;
  Reason trailing_reason = Reason::kNone;
  size_t unsettled = 0;  // at the end
  bool failed = false;   // this input cannot be read on
};

struct Window {
  // At least one, each of another input, but for those that a window has left
  // until the stitcher divides them: so only the first can continue a part of
  // the window before, and only the last be continued by the next.
  std::vector<Part> parts;

  // What is left to another window, because the results of `parts` take the
  // memory that there is for one: comes before all that follows. The first may
  // continue the last of `parts`.
  std::vector<Part> rest;

  // How much input it should hold, in bytes, as the pool has learned.
  size_t target_bytes = 0;
  // The most frames to make; of a rest, twice as many as fitted before.
  size_t most_frames = SIZE_MAX;

  std::vector<Frames> frames;  // of each part
  size_t frame_memory = 0;     // that they take
  Batch batch;  // with a sink, the records that have not been encoded yet
  BatchMark digested;  // how far the batch has been filtered and digested
  // What there is of the batch is for the last stage to encode, slice by slice:
  // it would take too much memory to wait its turn encoded.
  bool deferred = false;
  std::optional<KinesisRecord> first_suspect;  // its bytes only with the batch
  // By the sink and by the quarantine sink; null before the first Encode. They
  // stay with the window, whose run has these sinks alone.
  std::unique_ptr<Chunk> encoded;
  std::unique_ptr<Chunk> quarantined;
  Summary summary;
  std::vector<Error> errors;
  Column<uint8_t> stitched;  // owns the bytes of rows that the stitcher made
  uint32_t stitched_source = 0;  // and where they are
  uint64_t stitched_offset = 0;
  // Framing in front of the first part that the stitcher had held back.
  uint64_t held_framing = 0;

  // The digest stage's lists, kept for their memory.
  std::vector<Bytes> messages;
  std::vector<Md5Digest> digests;

  // Of its results, in bytes, with what is read into memory for it.
  size_t memory = 0;
  // Some of it was left to another window because of its memory.
  bool was_split = false;

  // Memory was out while it was processed, or needed: nothing was found.
  bool out_of_memory = false;

  // Adds the batch to what is encoded. `quarantine` may be null.
  void Encode(const Sink& sink, const Sink* quarantine);
  void ClearEncoded();

  // Forgets what was found, not the parts.
  void ClearResults();
  // The same, and gives the memory back.
  void FreeResults();
};

// Windows on their way back from the end of the pipeline to its start, and what
// they taught: a window should hold records enough to fill the lanes of the
// digest stage, but be so small that its bytes stay in a core's cache from
// stage to stage, and so small that what a sink makes of them does not fill the
// memory.
class WindowPool {
 public:
  // At most `max_idle` windows are kept.
  explicit WindowPool(size_t max_idle) : max_idle_(max_idle) {
    free_.reserve(max_idle);
  }

  std::unique_ptr<Window> Take();
  // `window` as it left the last stage.
  void Give(std::unique_ptr<Window> window) noexcept;
  // No window is taken any more: frees those that are idle, and those that are
  // yet to come.
  void Close();

 private:
  void Learn(const Window& window);

  std::mutex mutex_;
  // Before anything is known: not too bad for any size of records.
  size_t target_bytes_ = size_t{256} << 10;
  std::vector<std::unique_ptr<Window>> free_;
  size_t max_idle_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_H_
