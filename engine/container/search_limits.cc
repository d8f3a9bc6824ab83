// See search_limits.h.
#include "container/search_limits.h"

#include <algorithm>

namespace thresh {

size_t SearchLimits::At(size_t start) {
  if (vain_.empty()) return SIZE_MAX;
  std::erase_if(vain_, [start](const FailedSearch& search) {
    return search.end <= start;
  });
  std::array<size_t, kSearchClasses.size()> counts{};
  for (const FailedSearch& search : vain_) ++counts[search.size_class];
  const auto* const full = std::ranges::find_if(
      counts, [](size_t count) { return count >= kMaxFailedSearches; });
  if (full == counts.end()) return SIZE_MAX;
  if (full == counts.begin()) return 0;
  return kSearchClasses[static_cast<size_t>(full - counts.begin()) - 1];
}

void SearchLimits::Note(size_t start, size_t size) {
  const auto* const size_class = std::ranges::lower_bound(kSearchClasses, size);
  vain_.push_back(
      {start + size, static_cast<size_t>(size_class - kSearchClasses.begin())});
}

std::vector<FailedSearch> SearchLimits::From(size_t start) const {
  std::vector<FailedSearch> vain;
  for (const FailedSearch& search : vain_) {
    if (search.end > start) {
      vain.push_back({search.end - start, search.size_class});
    }
  }
  return vain;
}

}  // namespace thresh
