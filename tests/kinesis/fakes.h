// A service, a clock and a source of records, controlled by a test.
#ifndef THRESH_TESTS_KINESIS_FAKES_H_
#define THRESH_TESTS_KINESIS_FAKES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "kinesis/clock.h"
#include "kinesis/failed.h"
#include "kinesis/record_source.h"
#include "kinesis/stream.h"
#include "kinesis/transport.h"

namespace thresh::kinesis {

// Advances only when SleepUntil is called.
class FakeClock : public Clock {
 public:
  Time Now() override { return now; }
  void SleepUntil(Time time) override {
    EXPECT_GT(time, now) << "nobody waits for what is past";
    now = std::max(now, time);
    ++sleeps;
  }
  bool Interrupted() override { return interrupted; }

  [[nodiscard]] double Seconds() const {
    return std::chrono::duration<double>(now).count();
  }

  Time now = std::chrono::seconds(1000);
  int sleeps = 0;
  bool interrupted = false;
};

inline Stream TestStream() { return {.text = "s", .region = {}}; }

// One record of a request, decoded.
struct Received {
  std::string data;
  std::string key;
  std::string error;  // why it was refused; empty: accepted

  friend bool operator==(const Received&, const Received&) = default;
};

// Responds like Kinesis. `refuse` returns the error for a record, or "";
// `replies` are returned first, instead of computed replies.
class FakeService : public Transport {
 public:
  using Transport::Transport;

  Result<HttpReply> Post(std::string_view action,
                         std::string_view body) override {
    actions.emplace_back(action);
    if (!replies.empty()) {
      Result<HttpReply> reply = std::move(replies.front());
      replies.pop_front();
      return reply;
    }
    const auto request = nlohmann::json::parse(body);
    nlohmann::json records = nlohmann::json::array();
    std::vector<Received> received;
    int failed = 0;
    for (const auto& record : request["Records"]) {
      received.push_back(Decode(record));
      const std::string error = refuse ? refuse(received.back()) : "";
      received.back().error = error;
      if (error.empty()) {
        records.push_back({{"ShardId", "0"}, {"SequenceNumber", "1"}});
        taken.push_back(received.back().data);
      } else {
        records.push_back({{"ErrorCode", error}, {"ErrorMessage", "slow"}});
        ++failed;
      }
    }
    requests.push_back(std::move(received));
    if (after) after();
    return HttpReply{
        200, nlohmann::json{{"FailedRecordCount", failed}, {"Records", records}}
                 .dump()};
  }

  std::function<std::string(const Received&)> refuse;
  std::function<void()> after;
  std::deque<Result<HttpReply>> replies;
  std::vector<std::string> actions;
  std::vector<std::vector<Received>> requests;  // those with computed replies
  std::vector<std::string> taken;               // data, in order

 private:
  static Received Decode(const nlohmann::json& record) {
    const auto text = record["Data"].get<std::string>();
    std::string data(Base64DecodedBound(text.size()), '\0');
    const auto size =
        Base64Decode(AsBytes(text), reinterpret_cast<uint8_t*>(data.data()));
    EXPECT_TRUE(size) << text;
    data.resize(size.value_or(0));
    return {.data = data, .key = record["PartitionKey"], .error = {}};
  }
};

inline HttpReply ServiceError(int64_t status, const std::string& type) {
  return {status,
          nlohmann::json{{"__type", type}, {"message", "it says"}}.dump()};
}

// Returns the records that were added.
class ListSource : public RecordSource {
 public:
  // `data` is the record's; numbers are counted for each shard.
  void Add(size_t shard, const std::string& data, uint64_t count = 1) {
    records_.push_back({.shard = shard,
                        .first = next_[shard],
                        .count = count,
                        .data = {data.begin(), data.end()},
                        .partition_key = "k",
                        .explicit_hash_key = std::nullopt});
    next_[shard] += count;
  }

  std::function<void()> at_next;
  std::optional<Error> error;  // instead of the end
  size_t handed_out = 0;

 protected:
  Result<void> ReadOn() override {
    if (records_.empty()) {
      if (error) return tl::unexpected(*error);
      End();
      return {};
    }
    if (at_next) at_next();
    MakeReady(std::move(records_.front()));
    records_.pop_front();
    ++handed_out;
    return {};
  }

 private:
  std::deque<OutgoingRecord> records_;
  std::map<size_t, uint64_t> next_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TESTS_KINESIS_FAKES_H_
