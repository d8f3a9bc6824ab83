// Errors that end the reading of a window's inputs, or the run.
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

// The offset in its input from which a part could not be read, or null.
std::optional<uint64_t> FaultOf(const Part& part);

// The error for `file`, whose bytes from `offset` on could not be read.
Error FaultError(const std::string& file, uint64_t offset);

// The error with which SuspectPolicy::kFail ends a run at the first suspect of
// `window`, if it has one.
std::optional<Error> FirstSuspect(const Window& window,
                                  const InputList& inputs);

// An offset in an input.
struct InputPlace {
  uint32_t source;
  uint64_t offset;
};

// Where `window` begins.
InputPlace PlaceOf(const Window& window);

// std::bad_alloc with the place that was being read.
class NoMemoryAt : public std::bad_alloc {
 public:
  explicit NoMemoryAt(const InputPlace& place) : place_(place) {}
  [[nodiscard]] const InputPlace& place() const { return place_; }

 private:
  InputPlace place_;
};

// The error of a run that Options::cancel stops.
Error Cancelled();

// The error of a run whose memory is out. The second names the place if the
// exception is a NoMemoryAt.
Error NoMemoryLeft(const InputPlace& place, const InputList& inputs);
Error NoMemoryLeft(const std::bad_alloc& thrown, const InputList& inputs);

// The error of a mapped input of `window`, which is final, if the input can no
// longer be read unchanged.
std::optional<Error> FindFault(const Window& window, const InputList& inputs);

}  // namespace thresh

#endif  // THRESH_PIPELINE_WINDOW_ERRORS_H_
