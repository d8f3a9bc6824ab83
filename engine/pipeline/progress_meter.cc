// The total is known only if every input is a regular or stored file.
#include "pipeline/progress_meter.h"

#include <optional>

#include "storage/sizes.h"

namespace thresh {
namespace {

uint64_t TotalSize(const InputList& inputs) {
  uint64_t total = 0;
  for (const std::string& input : inputs.files()) {
    const std::optional<uint64_t> size = SizeOfFile(input);
    if (!size.has_value()) return 0;
    total += *size;
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
