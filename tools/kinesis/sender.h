// Sends records as fast as the shards take them, and again what was refused.
//
// Each shard has a queue. A request takes from the front of each what the
// shard's rate allows now, as far as the limits of a request allow; only one
// is under way at a time. What Kinesis refuses goes back to the front, and the
// shard waits until it is taken. So the records of a shard arrive in order,
// except where it refuses one and takes another behind it in the same request.
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
  double rate = 1;         // of what Kinesis allows a shard
  uint64_t attempts = 10;  // for a request in a row, and for each record
  // Memory for what may wait in the queues, so that a shard whose turn comes
  // late in the input is not kept waiting by those before.
  uint64_t look_ahead_bytes = uint64_t{64} << 20;
  // The shards' names, if the run must end when a record arrives on another
  // one than it was for; else empty. Aggregates must end there: a consumer that
  // sees a record of another shard in one drops it whole.
  std::vector<std::string> shard_names;
  uint64_t seed = 1;  // of the jitter
};

struct SendReport {
  uint64_t requests = 0;         // those that failed too
  uint64_t failed_requests = 0;  // as a whole
  uint64_t refused = 0;          // records that were refused, each time
  uint64_t kinesis_records = 0;  // acknowledged
  uint64_t user_records = 0;     // in these
  uint64_t bytes = 0;            // counted, of these
  uint64_t waiting = 0;          // read, and neither acknowledged nor given up
  Time duration{0};
};

enum class SendEnd : uint8_t { kAllSent, kInterrupted };

// Who is told; each may be empty.
struct SendEvents {
  // There is something new in `done`. An error ends the run.
  std::function<Result<void>(const std::vector<Acknowledged>& done)>
      acknowledged;
  // After each request.
  std::function<void(const SendReport&)> progress;
  // A request failed as a whole for a reason that may pass; after the pause
  // comes another.
  std::function<void(const Error& why, Time pause)> failed;
};

class Sender {
 public:
  // All pointers must outlive it. `done` is what was acknowledged before, of
  // each shard.
  Sender(const Stream& stream, const SendOptions& options,
         std::vector<Acknowledged> done, RecordSource* source, Putter* putter,
         Clock* clock);

  // To be called once. Fails for what the source, the service or
  // `events.acknowledged` say, and when attempts run out; report() and done()
  // say how far it came. If a request was lost, or the run is killed, records
  // of that request may be in the stream and not in done().
  [[nodiscard]] Result<SendEnd> Run(const SendEvents& events);

  [[nodiscard]] const SendReport& report() const { return report_; }
  [[nodiscard]] const std::vector<Acknowledged>& done() const { return done_; }

 private:
  struct Waiting {
    OutgoingRecord record;
    uint64_t attempts = 0;
  };
  // What it takes up, with what the allocator adds.
  static uint64_t MemoryOf(const OutgoingRecord& record);
  struct Queue {
    std::deque<Waiting> records;
    size_t taken = 0;       // of its front, in the request
    uint64_t failures = 0;  // requests in a row that it refused records of
    Time not_before{0};
  };

  Result<SendEnd> SendAll(const SendEvents& events);
  Result<void> Fill();
  // Puts what may go now into document_; false if that is nothing.
  bool BuildRequest();
  // Likewise of one shard; false if the request is full.
  bool TakeFrom(size_t shard, Time now);
  [[nodiscard]] Time NextTime() const;
  Result<void> Send(const SendEvents& events);
  Result<void> NoteLost(const PutOutcome& outcome, const SendEvents& events);
  // Moves acknowledged records out and puts the others back. The error that
  // ends the run, if any record's does.
  Result<void> Settle(const std::vector<RecordOutcome>& outcomes);
  Result<void> SettleShard(size_t shard, const RecordOutcome* outcomes);
  // The error that ends the run if the stream has other shards by now.
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
  size_t first_shard_ = 0;          // that the next request takes from
  uint64_t waiting_memory_ = 0;
  bool source_ended_ = false;
  bool was_full_ = true;      // the last request
  Time last_request_{0};      // when it began
  Time not_before_{0};        // any request
  uint64_t lost_in_row_ = 0;  // requests
  SendReport report_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_SENDER_H_
