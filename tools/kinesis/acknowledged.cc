// See acknowledged.h.
#include "kinesis/acknowledged.h"

#include <iterator>

namespace thresh::kinesis {

void Acknowledged::Add(uint64_t first, uint64_t count) {
  auto range = beyond_.emplace(first, first + count).first;
  if (range != beyond_.begin()) {
    const auto before = std::prev(range);
    if (before->second == first) {
      before->second = range->second;
      beyond_.erase(range);
      range = before;
    }
  }
  const auto after = std::next(range);
  if (after != beyond_.end() && after->first == range->second) {
    range->second = after->second;
    beyond_.erase(after);
  }
  if (range->first == prefix_) {
    prefix_ = range->second;
    beyond_.erase(range);
  }
}

bool Acknowledged::Contains(uint64_t number) const {
  if (number < prefix_) return true;
  const auto after = beyond_.upper_bound(number);
  return after != beyond_.begin() && number < std::prev(after)->second;
}

uint64_t Acknowledged::count() const {
  uint64_t count = prefix_;
  for (const auto& [first, end] : beyond_) count += end - first;
  return count;
}

}  // namespace thresh::kinesis
