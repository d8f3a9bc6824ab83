// The unit of work: some MiB of input, its records, their encoded form and all
// their counts. Windows are recycled, and keep their memory unless unusual
// input made it large.
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
#include "filter/filter_scratch.h"
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
  bool resident = false;  // the segment takes no memory
  Segment segment;
  uint64_t bytes = 0;         // read for this part; without carried ones
  uint64_t stored_bytes = 0;  // the same as stored, before decompression
  uint64_t lost_bytes = 0;    // of `bytes`: could not be read after all
  LeftOut left_out;           // of the archive that this ends
  std::vector<FailedSearch>
      failed_searches;  // from before the segment, into it

  OpenDocument open_document;  // that the segment begins in

  // Bytes after the segment that its container has examined and left to the
  // window's rest; its result may depend on them. And whether the input ends
  // there.
  size_t bytes_after = 0;
  bool input_ends_after = false;

  // Found by the processor. Opaque bytes at an edge may be part of a span that
  // the adjacent part continues: they are kept out of the batch, and the
  // stitcher adds them. All in bytes.
  size_t leading_opaque = 0;
  size_t trailing_opaque = 0;  // before what is unresolved
  Reason leading_reason = Reason::kNone;
  Reason trailing_reason = Reason::kNone;
  size_t unresolved = 0;  // at the end
  bool failed = false;    // this input cannot be read further
};

struct Window {
  // At least one, each of another input, except those left by a window until
  // the stitcher divides them: so only the first can continue a part of the
  // window before, and only the last be continued by the next.
  std::vector<Part> parts;

  // What is left to another window, because the results of `parts` take all the
  // memory of one: comes before all later input. The first may continue the
  // last of `parts`.
  std::vector<Part> rest;

  // The number of input bytes that it should hold, as determined by the pool.
  size_t target_bytes = 0;
  // The most frames to make; for a rest, twice as many as fit before.
  size_t max_frames = SIZE_MAX;

  std::vector<Frames> frames;  // of each part
  size_t frame_memory = 0;     // that they take
  Batch batch;  // with a sink, the records that have not been encoded yet
  BatchMark digested;  // how far the batch has been filtered and digested
  // The batch is left for the last stage to encode, slice by slice: encoded, it
  // would take too much memory while it waits for its turn.
  bool deferred = false;
  std::optional<KinesisRecord> first_suspect;  // its bytes only with the batch
  // By the sink and by the quarantine sink; null before the first Encode. They
  // stay with the window, whose run has only these sinks.
  std::unique_ptr<Chunk> encoded;
  std::unique_ptr<Chunk> quarantined;
  Summary summary;
  std::vector<Error> errors;
  Column<uint8_t> stitched;  // owns the bytes of rows that the stitcher made
  uint32_t stitched_source = 0;  // and where they are
  uint64_t stitched_offset = 0;
  // Framing in front of the first part that the stitcher had held back.
  uint64_t held_framing = 0;

  // Null before a filter has been applied.
  std::unique_ptr<FilterScratch> filter_scratch;

  // The digest stage's lists, kept to reuse their memory.
  std::vector<Bytes> messages;
  std::vector<Md5Digest> digests;

  // Bytes of memory of its results, and of input read into memory for it.
  size_t memory = 0;
  // Some of it was left to another window because of its memory.
  bool was_split = false;

  // Memory was out while it was processed: it has no results.
  bool out_of_memory = false;

  // Encodes the batch and appends the result. `quarantine` may be null.
  void Encode(const Sink& sink, const Sink* quarantine);
  // NOLINTNEXTLINE(readability-make-member-function-const)
  void ClearEncoded();

  // Clears the results, not the parts.
  void ClearResults();
  // The same, and frees the memory.
  void FreeResults();
};

// Windows to be reused, and the size for the next ones, derived from earlier
// ones: a window should hold enough records to fill the lanes of the digest
// stage, but be so small that its bytes stay in a core's cache from stage to
// stage, and that a sink's output for it does not fill the memory.
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
  // Initially: acceptable for any size of records.
  size_t target_bytes_ = size_t{256} << 10;
  std::vector<std::unique_ptr<Window>> free_;
  size_t max_idle_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_H_
