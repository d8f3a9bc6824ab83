// The list of suspects that `thresh verify` prints, built by the sink that
// takes the place of a quarantine.
#ifndef THRESH_TOOLS_CLI_REPORT_SUSPECT_LIST_H_
#define THRESH_TOOLS_CLI_REPORT_SUSPECT_LIST_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "thresh/chunk.h"
#include "thresh/column.h"
#include "thresh/sink.h"
#include "thresh/verdict.h"

namespace thresh::cli {

struct Suspect {
  uint64_t offset;
  uint64_t length;
  uint32_t source;  // index into the run's inputs
  Verdict verdict;
  Reason reason;
};

// Stores only where each suspect is, regardless of its length.
class SuspectChunk final : public Chunk {
 public:
  void Clear() override { suspects.Clear(); }
  [[nodiscard]] bool empty() const override { return suspects.empty(); }
  [[nodiscard]] size_t memory() const override {
    return suspects.size() * sizeof(Suspect);
  }
  [[nodiscard]] size_t reserved_memory() const override {
    return suspects.capacity() * sizeof(Suspect);
  }

  Column<Suspect> suspects;
};

class SuspectList final : public TypedSink<SuspectChunk> {
 public:
  // Calls `tell` for the first `limit` suspects, in input order, on one thread
  // at a time.
  SuspectList(uint64_t limit, std::function<void(const Suspect&)> tell)
      : limit_(limit), tell_(std::move(tell)) {}

  Result<void> Finish() override { return {}; }

  // The number of suspects past the limit.
  [[nodiscard]] uint64_t untold() const {
    return count_ > limit_ ? count_ - limit_ : 0;
  }

 protected:
  void EncodeTo(const Batch& batch, SuspectChunk* chunk) const override;
  Result<void> WriteFrom(SuspectChunk* chunk) override;

 private:
  uint64_t limit_;
  std::function<void(const Suspect&)> tell_;
  uint64_t count_ = 0;
};

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_SUSPECT_LIST_H_
