// The conditions that depend on earlier records: duplicates and limits. They
// are applied to windows in input order, after the stitcher.
#ifndef THRESH_PIPELINE_ORDERED_FILTER_H_
#define THRESH_PIPELINE_ORDERED_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "filter/deduplicator.h"
#include "filter/selection.h"
#include "pipeline/window.h"
#include "pipeline/window_processor.h"
#include "thresh/filter.h"
#include "thresh/result.h"

namespace thresh {

// Whether `filter` has such conditions. Windows then keep their batches, which
// are digested and encoded in order.
inline bool IsOrdered(const Filter& filter) {
  return filter.dedupe != Dedupe::kNone || filter.limit.has_value() ||
         filter.kinesis_record_limit.has_value();
}

class OrderedFilter {
 public:
  // With the filter of the processor's options. `processor` must outlive this.
  explicit OrderedFilter(const WindowProcessor& processor);

  // Drops from the next window's batch what does not pass, and adds the rest to
  // its content checksum if it has one. Nothing after the Kinesis record that
  // reaches the limit is counted, in this window or another. Fails if memory is
  // out, or if dedupe memory is too small.
  Result<void> Apply(Window* window);

  // Whether a limit has been reached, so that reading can stop.
  [[nodiscard]] bool done() const {
    return left_ == uint64_t{0} || kinesis_records_left_ == uint64_t{0};
  }

 private:
  // A position in a batch: after a row, which is of a Kinesis record.
  struct Cut {
    size_t kinesis_record;
    size_t row;
  };

  Result<std::optional<Cut>> Select(const Window& window, Summary* summary);
  Result<bool> IsNew(const Batch& batch, const KinesisRecord& record,
                     size_t row, Summary* summary);
  Result<void> EndAt(const Cut& cut, Window* window);
  Result<void> CountUpTo(const KinesisRecord& last, Window* window);
  void CountBytesUpTo(const KinesisRecord& last, Window* window) const;
  void NoteBytes(const Window& window);

  const WindowProcessor& processor_;
  // For all windows so far: bytes that were read and are not counted yet.
  uint64_t pending_bytes_ = 0;
  // The input of the last part, whether it is compressed, and how many of its
  // stored bytes were counted.
  uint32_t source_ = 0;
  bool compressed_ = false;
  uint64_t stored_bytes_ = 0;

  std::optional<Deduplicator> deduplicator_;
  uint64_t dedupe_memory_;
  std::optional<uint64_t> left_;  // user records until the limit
  std::optional<uint64_t> kinesis_records_left_;
  Selection selection_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_ORDERED_FILTER_H_
