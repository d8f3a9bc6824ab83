// The result of a sink's encoding of batches on a worker, passed to the thread
// that writes: bytes, or another type of the sink's choice.
#ifndef THRESH_CHUNK_H_
#define THRESH_CHUNK_H_

#include <cstddef>

#include "thresh/export.h"
#include "thresh/output_buffer.h"

namespace thresh {

// A partial result of a sink, made by Sink::NewChunk, filled by Sink::Encode
// and consumed by Sink::Write. Used by one thread at a time, and reused: a run
// has one per window in flight, and clears it between uses. So a chunk can also
// hold the scratch memory of Encode.
class THRESH_EXPORT Chunk {
 public:
  virtual ~Chunk() = default;

  // Empties the chunk, even if Write has moved content out of it, and keeps its
  // memory.
  virtual void Clear() = 0;

  // Whether there is nothing to write.
  [[nodiscard]] virtual bool empty() const = 0;

  // The bytes of memory of its content: a run divides windows whose results
  // take too many.
  [[nodiscard]] virtual size_t memory() const = 0;

  // The bytes of memory that it keeps when cleared: a run frees a chunk that an
  // unusual window has made large.
  [[nodiscard]] virtual size_t reserved_memory() const { return memory(); }

  // Whether Write reads memory of the inputs: keys and data that the batches
  // view. A run then checks, after Write, that no input was truncated during
  // it.
  [[nodiscard]] virtual bool refers() const { return false; }
};

// The chunk of a sink whose output is bytes, in order.
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
