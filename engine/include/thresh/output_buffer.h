// Encoded output on its way to a file: bytes of its own and, between them,
// excerpts of bytes that lie elsewhere, above all in the mapped input, so that
// large data need not be copied to be written.
#ifndef THRESH_OUTPUT_BUFFER_H_
#define THRESH_OUTPUT_BUFFER_H_

#include <cstddef>

#include "thresh/bytes.h"
#include "thresh/column.h"

namespace thresh {

// As a column it holds the bytes of its own alone: who reads the output uses
// ForEachPiece. Excerpts stand behind the bytes that were there before them, so
// the column may only grow, or be cleared. Reused from batch to batch.
class OutputBuffer : public Column<uint8_t> {
 public:
  // Continues the output with `bytes`, which must stay where they are until it
  // has been written: those that a batch views do (Sink::Encode).
  void Refer(Bytes bytes) { excerpts_.Append({size(), bytes}); }

  [[nodiscard]] bool empty() const {
    return Column::empty() && excerpts_.empty();
  }

  // Whether it has excerpts.
  [[nodiscard]] bool refers() const { return !excerpts_.empty(); }

  // Bytes of memory that it takes, excerpts' bytes not counted.
  [[nodiscard]] size_t memory() const {
    return capacity() + excerpts_.capacity() * sizeof(Excerpt);
  }

  // The part of it that the output takes.
  [[nodiscard]] size_t used_memory() const {
    return size() + excerpts_.size() * sizeof(Excerpt);
  }

  void Clear() {
    Column::Clear();
    excerpts_.Clear();
  }

  // Calls visit(Bytes) for each piece of the output, in order; none is empty
  // but those that Refer was given.
  template <typename Visit>
  void ForEachPiece(Visit&& visit) const {
    size_t done = 0;
    for (const Excerpt& excerpt : excerpts_) {
      if (excerpt.place > done) visit(Own(done, excerpt.place));
      visit(excerpt.bytes);
      done = excerpt.place;
    }
    if (size() > done) visit(Own(done, size()));
  }

 private:
  struct Excerpt {
    size_t place;  // it stands in front of this byte of the buffer's own
    Bytes bytes;
  };

  [[nodiscard]] Bytes Own(size_t begin, size_t end) const {
    return {data() + begin, end - begin};
  }

  Column<Excerpt> excerpts_;
};

}  // namespace thresh

#endif  // THRESH_OUTPUT_BUFFER_H_
