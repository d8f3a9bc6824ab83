// Keeps the search for records' ends linear in the bytes, whatever these are.
//
// Where nothing but a digest tells that a record starts at a place, finding
// that none does can take a look at many bytes; and the next place may ask for
// a look at the same ones. So a search knows what others have looked at in
// vain, that is without finding a record of which the bytes are. A search that
// starts among bytes that kMostInVain others have looked at in vain, all of one
// class by their size, looks at no more bytes than those of the classes below
// do.
//
// Hence, of each class, the last to start of the searches that look at some
// byte in vain starts where fewer than kMostInVain have: no byte is looked at
// in vain by more than kMostInVain * kSearchClasses searches.
//
// Searches that the containers call near are neither limited nor counted. They
// have another bound.
#ifndef THRESH_CONTAINER_SEARCH_LIMITS_H_
#define THRESH_CONTAINER_SEARCH_LIMITS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "container/container.h"

namespace thresh {

inline constexpr size_t kMostInVain = 4;
// The most bytes that a search of each class looks at.
inline constexpr std::array<size_t, 6> kSearchClasses = {
    size_t{1} << 12, size_t{1} << 15, size_t{1} << 18,
    size_t{1} << 21, size_t{1} << 24, SIZE_MAX};

class SearchLimits {
 public:
  // `vain`: searches that started before the segment.
  explicit SearchLimits(std::vector<VainSearch> vain)
      : vain_(std::move(vain)) {}

  // The bytes that a search at `start` may look at. To be asked in ascending
  // order.
  size_t At(size_t start);
  // A search at `start` looked at `size` bytes in vain.
  void Note(size_t start, size_t size);
  // The searches that looked at bytes behind `start`, for a segment that starts
  // there.
  [[nodiscard]] std::vector<VainSearch> From(size_t start) const;

 private:
  std::vector<VainSearch> vain_;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_SEARCH_LIMITS_H_
