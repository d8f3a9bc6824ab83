// Reports a run's progress to the caller.
#ifndef THRESH_PIPELINE_PROGRESS_METER_H_
#define THRESH_PIPELINE_PROGRESS_METER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/summary.h"

namespace thresh {

class ProgressMeter {
 public:
  // Determines the inputs' sizes if progress is reported. `options` must
  // outlive the meter.
  ProgressMeter(const InputList& inputs, const Options& options);

  // Reports what `summary` has counted so far.
  void Show(const Summary& summary) const;

 private:
  const std::function<void(const Progress&)>& callback_;
  uint64_t total_ = 0;  // stored bytes; 0 if not known
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_PROGRESS_METER_H_
