// Where the frames of a JSON segment go as they are found: opaque stretches
// that touch become one, what a document gave can be taken back while it is
// unfinished, and decoded bytes have a place that does not move.
#ifndef THRESH_CONTAINER_JSON_FRAMES_H_
#define THRESH_CONTAINER_JSON_FRAMES_H_

#include <cstddef>
#include <cstdint>

#include "container/container.h"

namespace thresh {

class JsonFrames {
 public:
  // What was added so far.
  struct Mark {
    size_t frames;
    size_t metadata;
    size_t decoded;
    size_t opaque_begin;
    size_t opaque_end;
  };

  // `frames` is empty, and segment.bytes and it outlive this.
  JsonFrames(Bytes segment, Frames* frames)
      : segment_(segment), frames_(frames) {
    // A string that holds a document is unescaped, and what is in it decoded
    // again; all else gets shorter. Memory that is not written costs nothing.
    frames->decoded.Resize(2 * segment.size());
  }

  // Room for what is decoded: as many bytes as the segment's text that it is
  // decoded from. Lasts as long as the frames if Keep is told.
  [[nodiscard]] uint8_t* room() { return frames_->decoded.data() + decoded_; }
  // The first `size` bytes of room() are of use.
  Bytes Keep(size_t size) {
    const Bytes kept(room(), size);
    decoded_ += size;
    return kept;
  }

  // Both come in the order of their offsets, without overlap.
  void AddRecord(size_t offset, size_t length, Bytes record,
                 const KinesisMetadata& metadata);
  void AddOpaque(size_t offset, size_t length);

  // Of all records since `mark`, those that tell no stream belong to `stream`.
  void TellStream(const Mark& mark, Bytes stream);

  [[nodiscard]] Mark mark() const {
    return {frames_->list.size(), frames_->metadata.size(), decoded_,
            opaque_begin_, opaque_end_};
  }
  // Takes back what was added since.
  void Return(const Mark& mark);

  // To be called after the last frame.
  void Finish() { FlushOpaque(); }

 private:
  void FlushOpaque();

  Bytes segment_;
  Frames* frames_;
  size_t decoded_ = 0;
  size_t opaque_begin_ = 0;  // the last stretch, which may go on
  size_t opaque_end_ = 0;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_FRAMES_H_
