// Sends records as fast as the shards accept them, and retries refused records.
//
// Each shard has a queue. A request takes from the front of each queue what the
// shard's rate allows now, within the limits of a request; only one request is
// in flight at a time. Records that Kinesis refuses go back to the front of the
// queue, and the shard waits until they are accepted. So the records of a shard
// arrive in order, except if Kinesis refuses one and accepts a later one in the
// same request.
#ifndef THRESH_TOOLS_KINESIS_SENDER_H_
#define THRESH_TOOLS_KINESIS_SENDER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "kinesis/acknowledged.h"
#include "kinesis/backoff.h"
#include "kinesis/clock.h"
#include "kinesis/put_records_document.h"
#include "kinesis/rate_limiter.h"
#include "kinesis/record_source.h"
#include "kinesis/service.h"
#include "kinesis/stream.h"
#include "thresh/result.h"

namespace thresh::kinesis {

struct SendOptions {
  PutLimits limits;
  double rate = 1;         // share of the rate that Kinesis allows a shard
  uint64_t attempts = 10;  // for a request in a row, and for each record
  // Memory for the records in the queues, so that a shard whose records come
  // late in the input does not wait for those before.
  uint64_t look_ahead_bytes = uint64_t{64} << 20;
  // The shards' names, if the run must end when a record arrives on a shard
  // other than the intended one; else empty. It must end with aggregates: a
  // consumer that finds a record of another shard in an aggregate drops all of
  // it.
  std::vector<std::string> shard_names;
  uint64_t seed = 1;  // for the jitter
};

struct SendReport {
  uint64_t requests = 0;         // including failed ones
  uint64_t failed_requests = 0;  // failed as a whole
  uint64_t refused = 0;          // refused records, counted each time
  uint64_t kinesis_records = 0;  // acknowledged
  uint64_t user_records = 0;     // in the acknowledged records
  uint64_t bytes = 0;            // counted bytes of the acknowledged records
  uint64_t waiting = 0;          // read, and neither acknowledged nor given up
  Time duration{0};
};

enum class SendEnd : uint8_t { kAllSent, kInterrupted };

// Callbacks; each may be empty.
struct SendEvents {
  // `done` has changed. An error ends the run.
  std::function<Result<void>(const std::vector<Acknowledged>& done)>
      acknowledged;
  // Called after each request.
  std::function<void(const SendReport&)> progress;
  // A request failed as a whole for a transient reason; it is retried after the
  // pause.
  std::function<void(const Error& why, Time pause)> failed;
};

class Sender {
 public:
  // All pointers must outlive the sender. `done` is what was acknowledged
  // before, for each shard.
  Sender(const Stream& stream, const SendOptions& options,
         std::vector<Acknowledged> done, RecordSource* source, Putter* putter,
         Clock* clock);

  // Must be called once. Fails with the errors of the source, the service or
  // `events.acknowledged`, and when attempts are exhausted; report() and done()
  // then give the progress. If a request was lost, or the run is killed,
  // records of that request may be in the stream and not in done().
  [[nodiscard]] Result<SendEnd> Run(const SendEvents& events);

  [[nodiscard]] const SendReport& report() const { return report_; }
  [[nodiscard]] const std::vector<Acknowledged>& done() const { return done_; }

 private:
  struct Waiting {
    OutgoingRecord record;
    uint64_t attempts = 0;
  };
  // The memory it uses, including the allocator's overhead.
  static uint64_t MemoryOf(const OutgoingRecord& record);
  struct Queue {
    std::deque<Waiting> records;
    size_t taken = 0;       // number of records at the front, in the request
    uint64_t failures = 0;  // requests in a row with refused records
    Time not_before{0};
  };

  Result<SendEnd> SendAll(const SendEvents& events);
  Result<void> Fill();
  // Puts the records that may be sent now into document_; false if there are
  // none.
  bool BuildRequest();
  // The same for one shard; false if the request is full.
  bool TakeFrom(size_t shard, Time now);
  [[nodiscard]] Time NextTime() const;
  Result<void> Send(const SendEvents& events);
  Result<void> NoteLost(const PutOutcome& outcome, const SendEvents& events);
  // Removes acknowledged records and returns the others to the queues. Returns
  // the error that ends the run, if any record has one.
  Result<void> Settle(const std::vector<RecordOutcome>& outcomes);
  Result<void> SettleShard(size_t shard, const RecordOutcome* outcomes);
  // The error that ends the run if the shards of the stream have changed.
  [[nodiscard]] Result<void> CheckPlace(size_t shard,
                                        const RecordOutcome& outcome) const;
  Result<void> NoteRefused(Waiting* waiting, const RecordOutcome& outcome);

  SendOptions options_;
  std::vector<Acknowledged> done_;
  RecordSource* source_;
  Putter* putter_;
  Clock* clock_;
  RateLimiter limiter_;
  Backoff backoff_;
  PutRecordsDocument document_;
  std::vector<Queue> queues_;
  std::vector<size_t> in_request_;  // shards, in the order of the document
  size_t first_shard_ = 0;          // that the next request takes from first
  uint64_t waiting_memory_ = 0;
  bool source_ended_ = false;
  bool was_full_ = true;      // the last request
  Time last_request_{0};      // when the last request began
  Time not_before_{0};        // of the next request
  uint64_t lost_in_row_ = 0;  // requests
  SendReport report_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_SENDER_H_
