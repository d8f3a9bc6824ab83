// What a sink makes of batches on a worker, on its way to the thread that
// writes: bytes, or whatever else the sink likes.
#ifndef THRESH_CHUNK_H_
#define THRESH_CHUNK_H_

#include <cstddef>

#include "thresh/export.h"
#include "thresh/output_buffer.h"

namespace thresh {

// A partial result of a sink, made by Sink::NewChunk, filled by Sink::Encode
// and consumed by Sink::Write. Used by one thread at a time, and reused: a run
// has as many as it has windows in flight, and clears them between uses. So a
// chunk is also the place for memory that Encode needs from call to call.
class THRESH_EXPORT Chunk {
 public:
  virtual ~Chunk() = default;

  // Empties it, whatever Write has taken out of it, and keeps its memory.
  virtual void Clear() = 0;

  // Whether there is nothing to write.
  [[nodiscard]] virtual bool empty() const = 0;

  // Bytes of memory that its content takes: a run divides windows whose
  // results take too many.
  [[nodiscard]] virtual size_t memory() const = 0;

  // Bytes of memory that it keeps when it is cleared: a run drops a chunk that
  // an unusual window has made large.
  [[nodiscard]] virtual size_t reserved_memory() const { return memory(); }

  // Whether Write reads what the batches viewed, keys and data of the inputs. A
  // run then checks, after Write, that no input was truncated meanwhile.
  [[nodiscard]] virtual bool refers() const { return false; }
};

// The chunk of a sink whose output is bytes, one after the other.
class THRESH_EXPORT TextChunk : public Chunk {
 public:
  void Clear() override { text_.Clear(); }
  [[nodiscard]] bool empty() const override { return text_.empty(); }
  [[nodiscard]] size_t memory() const override { return text_.used_memory(); }
  [[nodiscard]] size_t reserved_memory() const override {
    return text_.memory();
  }
  [[nodiscard]] bool refers() const override { return text_.refers(); }

  [[nodiscard]] const OutputBuffer& text() const { return text_; }
  [[nodiscard]] OutputBuffer* mutable_text() { return &text_; }

 private:
  OutputBuffer text_;
};

}  // namespace thresh

#endif  // THRESH_CHUNK_H_
