// How much memory a window may take, and how input that does not fit is left to
// another: inputs may change from large records to millions of small ones
// within a window, and each of these takes more memory than it has bytes.
#ifndef THRESH_PIPELINE_WINDOW_MEMORY_H_
#define THRESH_PIPELINE_WINDOW_MEMORY_H_

#include <cstddef>

#include "pipeline/window.h"
#include "thresh/options.h"

namespace thresh {

// Bytes that the results of a window may take, unless a single record has more.
size_t WindowMemory(const Options& options);
// The part of these for its frames.
size_t FrameMemory(const Options& options);
// The bytes that may be encoded at a time (BatchSlices).
size_t SliceMemory(const Options& options);
// The bytes that may be encoded and wait for their turn to be written.
size_t WaitingMemory(const Options& options);

// Bytes that the rows of `batch` take.
size_t BatchMemory(const Batch& batch);
// Bytes that the window has encoded.
size_t EncodedMemory(const Window& window);
// The bytes of the window's batch and of its encoded part; and those that both
// have reserved.
size_t ResultMemory(const Window& window);
size_t ReservedMemory(const Window& window);

// Leaves all parts from `part` on to the window's rest.
void LeaveParts(size_t part, Window* window);

// The same, except the first `size` bytes of `part`, which becomes the window's
// last.
void LeaveBytes(size_t part, size_t size, Window* window);

// The same with the bytes of `part` that the container has left, and records
// that it has examined them.
void LeaveRest(size_t part, Window* window);

// Extends `part` again by the bytes after it that its container examined and
// left.
void SeeBytesAfter(Part* part);

// The same for the window's last part, and removes them from the window's rest.
void TakeBack(Window* window);

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_MEMORY_H_
