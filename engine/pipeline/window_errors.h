// What ends the reading of a window's inputs, or the run.
#ifndef THRESH_PIPELINE_WINDOW_ERRORS_H_
#define THRESH_PIPELINE_WINDOW_ERRORS_H_

#include <cstdint>
#include <new>
#include <optional>
#include <string>

#include "pipeline/window.h"
#include "thresh/input_list.h"
#include "thresh/result.h"

namespace thresh {

// The offset in its input from which on a part could not really be read.
std::optional<uint64_t> FaultOf(const Part& part);

// The error for `file`, of which bytes from `offset` on could not be read.
Error FaultError(const std::string& file, uint64_t offset);

// The error with which SuspectPolicy::kFail ends a run at the first suspect of
// `window`, if it has one.
std::optional<Error> FirstSuspect(const Window& window,
                                  const InputList& inputs);

// Bytes of an input, from an offset on.
struct InputPlace {
  uint32_t source;
  uint64_t offset;
};

// Where `window` begins.
InputPlace PlaceOf(const Window& window);

// std::bad_alloc of who knows what was being read.
class NoMemoryAt : public std::bad_alloc {
 public:
  explicit NoMemoryAt(const InputPlace& place) : place_(place) {}
  [[nodiscard]] const InputPlace& place() const { return place_; }

 private:
  InputPlace place_;
};

// What ends a run that Options::cancel stops.
Error Cancelled();

// What ends a run whose memory is out. The second names the place if it is a
// NoMemoryAt.
Error NoMemoryLeft(const InputPlace& place, const InputList& inputs);
Error NoMemoryLeft(const std::bad_alloc& thrown, const InputList& inputs);

// What is wrong with a mapped input that `window`, which is final, has bytes
// of, if it can no longer be read as it was.
std::optional<Error> FindFault(const Window& window, const InputList& inputs);

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_ERRORS_H_
