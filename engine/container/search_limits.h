// Keeps the search for records' ends linear in the bytes, for any bytes.
//
// If only a digest shows that a record starts at a place, it can take many
// bytes to find that none does; and the search at the next place may examine
// the same bytes. So a search knows which bytes others have examined "in vain",
// without finding a record that contains them. A search that starts
// among bytes that kMaxFailedSearches others, all of one size class, have
// examined in vain, examines no more bytes than those of the lower classes.
//
// So of the searches of a class that examine some byte in vain, the last
// starts where fewer than kMaxFailedSearches have: no byte is examined in vain
// by more than kMaxFailedSearches * kSearchClasses searches.
//
// Searches that containers call near are neither limited nor counted. They have
// another bound.
#ifndef THRESH_CONTAINER_SEARCH_LIMITS_H_
#define THRESH_CONTAINER_SEARCH_LIMITS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "container/container.h"

namespace thresh {

inline constexpr size_t kMaxFailedSearches = 4;
// The most bytes that a search of each class examines.
inline constexpr std::array<size_t, 6> kSearchClasses = {
    size_t{1} << 12, size_t{1} << 15, size_t{1} << 18,
    size_t{1} << 21, size_t{1} << 24, SIZE_MAX};

class SearchLimits {
 public:
  // `vain`: searches that started before the segment.
  explicit SearchLimits(std::vector<FailedSearch> vain)
      : vain_(std::move(vain)) {}

  // The bytes that a search at `start` may examine. Must be called in ascending
  // order.
  size_t At(size_t start);
  // Records that a search at `start` examined `size` bytes in vain.
  void Note(size_t start, size_t size);
  // The searches that examined bytes after `start`, for a segment that starts
  // there.
  [[nodiscard]] std::vector<FailedSearch> From(size_t start) const;

 private:
  std::vector<FailedSearch> vain_;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_SEARCH_LIMITS_H_
