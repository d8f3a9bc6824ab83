// The conditions that depend on the records before: what was there already, and
// how many are enough. They see windows in input order, after the stitcher.
#ifndef THRESH_PIPELINE_ORDERED_FILTER_H_
#define THRESH_PIPELINE_ORDERED_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "filter/deduplicator.h"
#include "filter/selection.h"
#include "pipeline/window.h"
#include "thresh/filter.h"
#include "thresh/result.h"

namespace thresh {

// Whether `filter` has such conditions. Windows then keep their batches, which
// are digested and encoded in order.
inline bool IsOrdered(const Filter& filter) {
  return filter.dedupe != Dedupe::kNone || filter.limit.has_value();
}

class OrderedFilter {
 public:
  explicit OrderedFilter(const Filter& filter);

  // Drops from the next window's batch what does not pass, and adds the rest to
  // its content checksum if it has one. Once done(), nothing passes, and all
  // that a window holds counts as not read. Fails if there is no memory left to
  // know records by.
  Result<void> Apply(Window* window);

  // Whether the limit has been reached: there is no point in reading on.
  [[nodiscard]] bool done() const { return left_ == uint64_t{0}; }

 private:
  // A place in a batch: that behind a row, which is of a Kinesis record.
  struct Cut {
    size_t kinesis_record;
    size_t row;
  };

  Result<std::optional<Cut>> Select(const Window& window, Summary* summary);
  Result<bool> IsNew(const UserRecord& record, Summary* summary);

  std::optional<Deduplicator> deduplicator_;
  uint64_t dedupe_memory_;
  std::optional<uint64_t> left_;  // user records until the limit
  Selection selection_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_ORDERED_FILTER_H_
