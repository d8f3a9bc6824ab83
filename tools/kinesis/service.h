// What Kinesis is asked, and what its replies mean: which failures another
// attempt may mend, and which end a run.
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

// What became of one record of a request; texts as Transport::Shown has them.
struct RecordOutcome {
  std::string error_code;  // empty: Kinesis has it
  std::string message;
  std::string shard;  // on which; empty: not told
};

// What became of a request.
struct PutOutcome {
  // One for each record, in their order; empty if the request as a whole
  // failed.
  std::vector<RecordOutcome> records;
  // Why it failed; null if it did not.
  std::optional<Error> failure;
  // Whether the failure may pass: timeouts, throttling, 5xx.
  bool may_pass = false;
};

class Putter {
 public:
  Putter() = default;
  Putter(const Putter&) = delete;
  Putter& operator=(const Putter&) = delete;
  virtual ~Putter() = default;

  // Sends `document`, which has so many records.
  [[nodiscard]] virtual PutOutcome Put(std::string_view document,
                                       size_t records) = 0;
};

// Sends by `transport`, which must outlive it.
class ServicePutter : public Putter {
 public:
  explicit ServicePutter(Transport* transport) : transport_(transport) {}
  PutOutcome Put(std::string_view document, size_t records) override;

 private:
  Transport* transport_;
};

// Sends nothing: Kinesis would have taken everything.
class DryPutter : public Putter {
 public:
  PutOutcome Put(std::string_view /*document*/, size_t records) override {
    return {.records = std::vector<RecordOutcome>(records),
            .failure = std::nullopt};
  }
};

// Whether the error of one record may pass.
[[nodiscard]] bool MayPass(const RecordOutcome& outcome);

// How often to ask, and who waits in between.
struct Patience {
  uint64_t attempts;
  Backoff* backoff;
  Clock* clock;
  // Is told of each failure that another attempt follows; may be empty.
  std::function<void(const Error& why, Time pause)> failed;
};

// All shards of `stream`. Of their texts what people may see is kept.
[[nodiscard]] Result<std::vector<ListedShard>> ListShards(
    const Stream& stream, const Patience& patience, Transport* transport);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_SERVICE_H_
