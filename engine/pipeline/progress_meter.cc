// The total is known only if every input is a regular or stored file.
#include "pipeline/progress_meter.h"

#include <algorithm>
#include <optional>

#include "storage/sizes.h"
#include "thresh/split.h"

namespace thresh {
namespace {

uint64_t TotalSize(const InputList& inputs) {
  uint64_t total = 0;
  for (const Split& split : inputs.splits()) {
    const std::optional<uint64_t> size = SizeOfFile(split.input);
    if (!size.has_value()) return 0;
    const uint64_t end = std::min(split.end, *size);
    total += end - std::min(split.begin, end);
  }
  return total;
}

}  // namespace

ProgressMeter::ProgressMeter(const InputList& inputs, const Options& options)
    : callback_(options.progress) {
  if (callback_ != nullptr && options.progress_total)
    total_ = TotalSize(inputs);
}

void ProgressMeter::Show(const Summary& summary) const {
  if (callback_ == nullptr) return;
  callback_({.stored_bytes_total = total_, .so_far = summary});
}

}  // namespace thresh
