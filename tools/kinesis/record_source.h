// The Kinesis records to send, one after the other.
#ifndef THRESH_TOOLS_KINESIS_RECORD_SOURCE_H_
#define THRESH_TOOLS_KINESIS_RECORD_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kinesis/put_records_document.h"
#include "thresh/result.h"
#include "thresh/unsendable.h"

namespace thresh::kinesis {

// A Kinesis record with its position in the order of its shard: it holds the
// records numbered `first` to `first + count - 1` of all records of the input
// for the shard. These numbers do not depend on how records are packed.
struct OutgoingRecord {
  size_t shard;  // index in the shard map
  uint64_t first;
  uint64_t count;
  std::vector<uint8_t> data;
  std::string partition_key;
  std::optional<std::string> explicit_hash_key;

  [[nodiscard]] PutRecord View() const {
    return {.data = data,
            .partition_key = partition_key,
            .explicit_hash_key = explicit_hash_key};
  }
};

struct SourceCounts : UnsendableCounts {
  uint64_t sent_before = 0;  // left out: sent by an earlier run
};

class RecordSource {
 public:
  RecordSource() = default;
  RecordSource(const RecordSource&) = delete;
  RecordSource& operator=(const RecordSource&) = delete;
  virtual ~RecordSource() = default;

  // The next record, or null at the end. Records of a shard come in order. Must
  // not be called after an error.
  [[nodiscard]] Result<std::optional<OutgoingRecord>> Next() {
    while (ready_.empty()) {
      if (ended_) return std::nullopt;
      if (Result<void> read = ReadOn(); !read) {
        return tl::unexpected(std::move(read.error()));
      }
    }
    OutgoingRecord record = std::move(ready_.front());
    ready_.pop_front();
    return record;
  }

  [[nodiscard]] const SourceCounts& counts() const { return counts_; }

 protected:
  // Reads one more piece of the input and passes its records, if any, to
  // MakeReady. Calls End after the last piece.
  virtual Result<void> ReadOn() = 0;

  void MakeReady(OutgoingRecord record) { ready_.push_back(std::move(record)); }
  void End() { ended_ = true; }
  [[nodiscard]] bool has_ready() const { return !ready_.empty(); }

  // Leaves out a record for the reason `why`, or ends the run, as
  // `on_unsendable` specifies.
  Result<void> LeaveOut(Error why, OnUnsendable on_unsendable) {
    return counts_.LeaveOut(std::move(why), on_unsendable);
  }

  void CountSentBefore() { ++counts_.sent_before; }
  void CountDroppedHashKey() { ++counts_.dropped_hash_keys; }

 private:
  std::deque<OutgoingRecord> ready_;
  bool ended_ = false;
  SourceCounts counts_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_RECORD_SOURCE_H_
