// How much memory a window may take, and how what does not fit is left to
// another: inputs may turn from large records to millions of small ones in the
// middle of a window, and each of these takes more memory than it has bytes.
#ifndef THRESH_PIPELINE_WINDOW_MEMORY_H_
#define THRESH_PIPELINE_WINDOW_MEMORY_H_

#include <cstddef>

#include "pipeline/window.h"
#include "thresh/options.h"

namespace thresh {

// Bytes that the results of a window may take, unless a single record has more.
size_t WindowMemory(const Options& options);
// Of these, what its frames may.
size_t FrameMemory(const Options& options);
// What may be encoded at a time (BatchSlices).
size_t SliceMemory(const Options& options);
// What may be encoded and wait for its turn to be written.
size_t WaitingMemory(const Options& options);

// Bytes that the rows of `batch` take.
size_t BatchMemory(const Batch& batch);
// Bytes that the window has encoded.
size_t EncodedMemory(const Window& window);
// Bytes that the window's batch takes, and what has been encoded of it; and
// those that both have reserved.
size_t ResultMemory(const Window& window);
size_t ReservedMemory(const Window& window);

// Leaves all parts from `part` on to the window's rest.
void LeaveParts(size_t part, Window* window);

// The same, but for the first `size` bytes of `part`, which becomes the
// window's last.
void LeaveBytes(size_t part, size_t size, Window* window);

// The same with what the container has left of `part`, and notes that it was
// seen.
void LeaveRest(size_t part, Window* window);

// Adds to `part` the bytes after it again that its container saw and left.
void SeeBytesAfter(Part* part);

// The same of the window's last part, and takes them off the window's rest.
void TakeBack(Window* window);

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_MEMORY_H_
