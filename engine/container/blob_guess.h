// Guesses where the next blob ends, from the sizes of the two before: producers
// fill blobs up to a limit. A guess spares the traversal of a blob's fields to
// find its end; whether it is right is known once the blob is in the cache,
// after its digest.
#ifndef THRESH_CONTAINER_BLOB_GUESS_H_
#define THRESH_CONTAINER_BLOB_GUESS_H_

#include <cstddef>
#include <optional>

#include "thresh/bytes.h"

namespace thresh {

class BlobGuess {
 public:
  // `bytes` end before a magic, or where the input ends. They outlive this.
  explicit BlobGuess(Bytes bytes) : bytes_(bytes) {}

  // A blob of `size` bytes was found, envelope included.
  void Learn(size_t size);

  // The size of the blob at `start` if a magic follows it, or the bytes' end,
  // about as far from `start` as the last blob was long. None unless that was
  // about as long as the one before it.
  [[nodiscard]] std::optional<size_t> SizeAt(size_t start) const;

  // The most bytes that SizeAt examines.
  [[nodiscard]] size_t work() const { return 2 * tolerance_ + size_t{1}; }

 private:
  Bytes bytes_;
  size_t size_ = 0;       // of the last blob
  bool alike_ = false;    // it is of about the size of the one before
  size_t tolerance_ = 0;  // how much more or less the next may have, in bytes
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOB_GUESS_H_
