// Encoded output: its own bytes and, between them, excerpts of bytes that are
// stored elsewhere, mostly in the mapped input, so that large data need not be
// copied to be written.
#ifndef THRESH_OUTPUT_BUFFER_H_
#define THRESH_OUTPUT_BUFFER_H_

#include <cstddef>

#include "thresh/bytes.h"
#include "thresh/column.h"

namespace thresh {

// As a column it holds only its own bytes: ForEachPiece visits the whole
// output. Each excerpt follows the bytes that were present before it, so the
// column may only grow, or be cleared. Reused from batch to batch.
class OutputBuffer : public Column<uint8_t> {
 public:
  // Appends `bytes` as an excerpt. They must be valid until the output has been
  // written, as those that a batch views are (Sink::Encode).
  void Refer(Bytes bytes) { excerpts_.Append({size(), bytes}); }

  [[nodiscard]] bool empty() const {
    return Column::empty() && excerpts_.empty();
  }

  // Whether it has excerpts.
  [[nodiscard]] bool refers() const { return !excerpts_.empty(); }

  // The bytes of memory that it takes, without those of excerpts.
  [[nodiscard]] size_t memory() const {
    return capacity() + excerpts_.capacity() * sizeof(Excerpt);
  }

  // The part of it in use.
  [[nodiscard]] size_t used_memory() const {
    return size() + excerpts_.size() * sizeof(Excerpt);
  }

  void Clear() {
    Column::Clear();
    excerpts_.Clear();
  }

  // Calls visit(Bytes) for each piece of the output, in order; only those
  // passed to Refer may be empty.
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
    size_t place;  // it precedes this byte of the buffer's own
    Bytes bytes;
  };

  [[nodiscard]] Bytes Own(size_t begin, size_t end) const {
    return {data() + begin, end - begin};
  }

  Column<Excerpt> excerpts_;
};

}  // namespace thresh

#endif  // THRESH_OUTPUT_BUFFER_H_
