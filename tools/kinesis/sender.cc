// See sender.h.
#include "kinesis/sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "kinesis/failed.h"

namespace thresh::kinesis {
namespace {

// The delay between requests that are not full: small records become due one by
// one and would otherwise be sent one by one.
constexpr Time kPace = std::chrono::milliseconds(200);

constexpr const char* kGoOn =
    "the same command with the same --checkpoint continues from here";

}  // namespace

Sender::Sender(const Stream& stream, const SendOptions& options,
               std::vector<Acknowledged> done, RecordSource* source,
               Putter* putter, Clock* clock)
    : options_(options),
      done_(std::move(done)),
      source_(source),
      putter_(putter),
      clock_(clock),
      limiter_(done_.size(), options.rate),
      backoff_(options.seed),
      document_(stream, options.limits),
      queues_(done_.size()) {}

Result<SendEnd> Sender::Run(const SendEvents& events) {
  const Time begin = clock_->Now();
  Result<SendEnd> end = SendAll(events);
  report_.duration = clock_->Now() - begin;
  return end;
}

Result<SendEnd> Sender::SendAll(const SendEvents& events) {
  while (true) {
    if (Result<void> filled = Fill(); !filled) {
      return tl::unexpected(filled.error());
    }
    if (source_ended_ && report_.waiting == 0) return SendEnd::kAllSent;
    if (clock_->Interrupted()) return SendEnd::kInterrupted;
    if (!BuildRequest()) {
      clock_->SleepUntil(NextTime());
      continue;
    }
    const Result<void> sent = Send(events);
    if (events.progress) events.progress(report_);
    if (!sent) return tl::unexpected(sent.error());
  }
}

uint64_t Sender::MemoryOf(const OutgoingRecord& record) {
  // At most three allocations, including rounding.
  constexpr uint64_t kAllocations = 96;
  return CountedBytes(record.View()) + sizeof(Waiting) + kAllocations;
}

Result<void> Sender::Fill() {
  while (!source_ended_ && waiting_memory_ < options_.look_ahead_bytes &&
         !clock_->Interrupted()) {
    Result<std::optional<OutgoingRecord>> next = source_->Next();
    if (!next) return tl::unexpected(next.error());
    if (!*next) {
      source_ended_ = true;
      return {};
    }
    waiting_memory_ += MemoryOf(**next);
    ++report_.waiting;
    queues_[(*next)->shard].records.push_back({std::move(**next)});
  }
  return {};
}

bool Sender::BuildRequest() {
  const Time now = clock_->Now();
  document_.Clear();
  in_request_.clear();
  const Time paced =
      was_full_ ? not_before_ : std::max(not_before_, last_request_ + kPace);
  if (now < paced) return false;
  was_full_ = false;
  for (size_t i = 0; i < queues_.size() && !was_full_; ++i) {
    const size_t shard = (first_shard_ + i) % queues_.size();
    if (TakeFrom(shard, now)) continue;
    was_full_ = true;
    // The shard whose record did not fit comes first next time.
    first_shard_ = shard;
  }
  if (in_request_.empty()) return false;
  last_request_ = now;
  return true;
}

bool Sender::TakeFrom(size_t shard, Time now) {
  Queue& queue = queues_[shard];
  queue.taken = 0;
  if (now < queue.not_before) return true;
  const bool trying_again = queue.failures > 0;
  while (queue.taken < queue.records.size()) {
    const Waiting& waiting = queue.records[queue.taken];
    // New records do not overtake records that were refused.
    if (trying_again && waiting.attempts == 0) return true;
    const PutRecord record = waiting.record.View();
    const uint64_t bytes = CountedBytes(record);
    if (limiter_.ReadyAt(shard, bytes, now) > now) return true;
    if (!document_.Fits(record)) return false;
    if (queue.taken == 0) in_request_.push_back(shard);
    limiter_.Take(shard, bytes, now);
    document_.Add(record);
    ++queue.taken;
  }
  return true;
}

Time Sender::NextTime() const {
  const Time now = clock_->Now();
  Time next = Time::max();
  for (size_t shard = 0; shard < queues_.size(); ++shard) {
    const Queue& queue = queues_[shard];
    if (queue.records.empty()) continue;
    const uint64_t bytes = CountedBytes(queue.records.front().record.View());
    next = std::min(
        next, std::max(queue.not_before, limiter_.ReadyAt(shard, bytes, now)));
  }
  next = std::max(next, not_before_);
  return was_full_ ? next : std::max(next, last_request_ + kPace);
}

Result<void> Sender::Send(const SendEvents& events) {
  const PutOutcome outcome =
      putter_->Put(document_.Line(), document_.records());
  ++report_.requests;
  if (outcome.failure) return NoteLost(outcome, events);
  lost_in_row_ = 0;
  const uint64_t before = report_.kinesis_records;
  Result<void> settled = Settle(outcome.records);
  if (events.acknowledged && report_.kinesis_records > before) {
    if (Result<void> noted = events.acknowledged(done_); !noted) return noted;
  }
  return settled;
}

Result<void> Sender::NoteLost(const PutOutcome& outcome,
                              const SendEvents& events) {
  ++report_.failed_requests;
  ++lost_in_row_;
  if (!outcome.is_transient) return tl::unexpected(*outcome.failure);
  if (lost_in_row_ < options_.attempts) {
    const Time pause = backoff_.Delay(lost_in_row_);
    not_before_ = clock_->Now() + pause;
    if (events.failed) events.failed(*outcome.failure, pause);
    return {};
  }
  Error error = *outcome.failure;
  error.message = fmt::format("given up after {} attempts: {}", lost_in_row_,
                              error.message);
  if (error.remedy.empty()) error.remedy = kGoOn;
  return tl::unexpected(std::move(error));
}

Result<void> Sender::Settle(const std::vector<RecordOutcome>& outcomes) {
  Result<void> result;
  const RecordOutcome* next = outcomes.data();
  for (const size_t shard : in_request_) {
    const size_t taken = queues_[shard].taken;
    if (const Result<void> settled = SettleShard(shard, next); !settled) {
      result = settled;
    }
    next += taken;
  }
  return result;
}

Result<void> Sender::SettleShard(size_t shard, const RecordOutcome* outcomes) {
  Queue& queue = queues_[shard];
  Result<void> result;
  std::vector<Waiting> refused;
  for (size_t i = 0; i < queue.taken; ++i) {
    Waiting waiting = std::move(queue.records.front());
    queue.records.pop_front();
    if (!outcomes[i].error_code.empty()) {
      if (const Result<void> noted = NoteRefused(&waiting, outcomes[i]);
          !noted) {
        result = noted;
      }
      refused.push_back(std::move(waiting));
      continue;
    }
    if (const Result<void> placed = CheckPlace(shard, outcomes[i]); !placed) {
      result = placed;
    }
    const OutgoingRecord& record = waiting.record;
    const uint64_t bytes = CountedBytes(record.View());
    done_[shard].Add(record.first, record.count);
    waiting_memory_ -= MemoryOf(record);
    --report_.waiting;
    ++report_.kinesis_records;
    report_.user_records += record.count;
    report_.bytes += bytes;
  }
  queue.taken = 0;
  queue.failures = refused.empty() ? 0 : queue.failures + 1;
  if (!refused.empty()) {
    queue.not_before = clock_->Now() + backoff_.Delay(queue.failures);
  }
  queue.records.insert(queue.records.begin(),
                       std::make_move_iterator(refused.begin()),
                       std::make_move_iterator(refused.end()));
  return result;
}

Result<void> Sender::CheckPlace(size_t shard,
                                const RecordOutcome& outcome) const {
  if (options_.shard_names.empty() || outcome.shard.empty() ||
      outcome.shard == options_.shard_names[shard]) {
    return {};
  }
  return Failed(
      ErrorCode::kIo,
      fmt::format("a record for shard {} arrived on shard {}: the shards of "
                  "the stream have changed since the run began, and consumers "
                  "drop aggregates made for the old ones",
                  Printable(options_.shard_names[shard]),
                  Printable(outcome.shard)),
      "start over, with another --checkpoint");
}

Result<void> Sender::NoteRefused(Waiting* waiting,
                                 const RecordOutcome& outcome) {
  ++report_.refused;
  ++waiting->attempts;
  const bool is_transient = IsTransient(outcome);
  if (is_transient && waiting->attempts < options_.attempts) return {};
  return Failed(
      ErrorCode::kIo,
      fmt::format("a record was refused, after {} attempts: {}: {}",
                  waiting->attempts, Printable(outcome.error_code),
                  Printable(outcome.message)),
      is_transient
          ? fmt::format("lower --rate if others write to the stream; {}", kGoOn)
          : std::string(kGoOn));
}

}  // namespace thresh::kinesis
