// The compiled conditions that depend on only one record: whether a Kinesis
// record is read, and which of a batch's user records stay.
#ifndef THRESH_FILTER_RECORD_FILTER_H_
#define THRESH_FILTER_RECORD_FILTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "filter/filter_scratch.h"
#include "filter/key_matcher.h"
#include "filter/selection.h"
#include "thresh/batch.h"
#include "thresh/filter.h"
#include "thresh/result.h"
#include "thresh/summary.h"

namespace thresh {

// The result of the conditions on a Kinesis record's metadata.
enum class Fate : uint8_t {
  kRead,
  kSkip,
  kSkipUnknown,     // its container does not have what they need
  kSkipUnreadable,  // its time is present, but cannot be read
};

// Thread-safe.
class RecordFilter {
 public:
  // Fails unless every condition of `filter` is valid, including those that
  // other classes evaluate.
  static Result<RecordFilter> Compile(const Filter& filter);

  // Whether there are conditions on metadata, and on rows.
  [[nodiscard]] bool asks_for_metadata() const {
    return !shards_.empty() || since_.has_value() || until_.has_value();
  }
  [[nodiscard]] bool asks_for_rows() const {
    return !keys_.empty() || hash_range_.has_value() || sample_ > 1;
  }

  [[nodiscard]] Fate FateOf(const KinesisMetadata& metadata) const;

  // Drops the rows of `batch` after `from` that do not pass; see KeepRows.
  void Apply(const BatchMark& from, Batch* batch, Summary* summary,
             FilterScratch* scratch) const;

 private:
  void JudgeKeys(const BatchMark& from, const UserRecordColumns& rows,
                 FilterScratch* scratch) const;
  void JudgePartitionKeys(const BatchMark& from, const UserRecordColumns& rows,
                          FilterScratch* scratch) const;
  void JudgeHashKeys(const BatchMark& from, const UserRecordColumns& rows,
                     FilterScratch* scratch) const;
  void NarrowByKeys(const BatchMark& from, const UserRecordColumns& rows,
                    FilterScratch* scratch) const;
  void NarrowByHashKeys(const BatchMark& from, const Batch& batch,
                        FilterScratch* scratch) const;

  KeyMatcher keys_;
  std::optional<HashRange> hash_range_;
  HashRangeMode hash_range_mode_ = HashRangeMode::kRecord;
  uint64_t sample_ = 1;
  std::unordered_set<std::string> shards_;
  std::optional<int64_t> since_;
  std::optional<int64_t> until_;
};

}  // namespace thresh

#endif  // THRESH_FILTER_RECORD_FILTER_H_
