// Requests to Kinesis and the meaning of the replies: which failures may be
// retried, and which end a run.
#ifndef THRESH_TOOLS_KINESIS_SERVICE_H_
#define THRESH_TOOLS_KINESIS_SERVICE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kinesis/backoff.h"
#include "kinesis/clock.h"
#include "kinesis/shard_map.h"
#include "kinesis/stream.h"
#include "kinesis/transport.h"
#include "thresh/result.h"

namespace thresh::kinesis {

// The outcome of one record of a request; texts are as Transport::Shown returns
// them.
struct RecordOutcome {
  std::string error_code;  // empty: accepted by Kinesis
  std::string message;
  std::string shard;  // that holds it; empty: not known
};

// The outcome of a request.
struct PutOutcome {
  // One for each record, in the same order; empty if the request failed as a
  // whole.
  std::vector<RecordOutcome> records;
  // Why it failed; null if it succeeded.
  std::optional<Error> failure;
  // Whether the failure is transient: timeouts, throttling, 5xx.
  bool is_transient = false;
};

class Putter {
 public:
  Putter() = default;
  Putter(const Putter&) = delete;
  Putter& operator=(const Putter&) = delete;
  virtual ~Putter() = default;

  // Sends `document`, which has `records` records.
  [[nodiscard]] virtual PutOutcome Put(std::string_view document,
                                       size_t records) = 0;
};

// Sends through `transport`, which must outlive it.
class ServicePutter : public Putter {
 public:
  explicit ServicePutter(Transport* transport) : transport_(transport) {}
  PutOutcome Put(std::string_view document, size_t records) override;

 private:
  Transport* transport_;
};

// Sends nothing: every record counts as accepted.
class DryPutter : public Putter {
 public:
  PutOutcome Put(std::string_view /*document*/, size_t records) override {
    return {.records = std::vector<RecordOutcome>(records),
            .failure = std::nullopt};
  }
};

// Whether the error of one record is transient.
[[nodiscard]] bool IsTransient(const RecordOutcome& outcome);

// How often to ask, and the clock that waits in between.
struct Patience {
  uint64_t attempts;
  Backoff* backoff;
  Clock* clock;
  // Called for each failure that is retried; may be empty.
  std::function<void(const Error& why, Time pause)> failed;
};

// All shards of `stream`. Their texts are kept in a form that is safe to show.
[[nodiscard]] Result<std::vector<ListedShard>> ListShards(
    const Stream& stream, const Patience& patience, Transport* transport);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_SERVICE_H_
