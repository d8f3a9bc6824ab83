// The sink: counts batches on the threads that make them, and adds windows in
// order.
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "base/shard_ranges.h"
#include "digest/keyed_hash.h"
#include "record/shard_finder.h"
#include "stats/batch_counter.h"
#include "stats/key_sketch.h"
#include "stats/window_counts.h"
#include "thresh/stats.h"

namespace thresh {
namespace {

constexpr size_t kMaxShards = 20'000;

// A sketch, and the stretch of input whose keys it has received since it
// settled.
class SettledSketch {
 public:
  // Takes `tallies`, those of `group`, whose keys begin at `keys`. Returns
  // where these end.
  const uint8_t* Take(const KeyGroup& group, std::span<const KeyTally> tallies,
                      const uint8_t* keys) {
    const std::pair stretch(group.source, group.stretch);
    if (stretch != stretch_) sketch_.Settle();
    stretch_ = stretch;
    for (const KeyTally& tally : tallies) {
      sketch_.Add(tally.hash, tally.hash_key, {keys, tally.size}, tally.records,
                  tally.bytes);
      keys += tally.size;
    }
    return keys;
  }

  [[nodiscard]] const KeySketch& sketch() const { return sketch_; }

 private:
  KeySketch sketch_;
  std::optional<std::pair<uint32_t, uint64_t>> stretch_;
};

class StatsSinkImpl final : public StatsSink {
 public:
  explicit StatsSinkImpl(StatsOptions options)
      : options_(std::move(options)),
        finder_(options_.shards),
        shards_(options_.shards.size()) {}

  [[nodiscard]] std::unique_ptr<Chunk> NewChunk() const override {
    return std::make_unique<WindowCounts>();
  }

  void Encode(const Batch& batch, Chunk* chunk) const override {
    if (batch.kinesis_records.empty()) return;
    std::unique_ptr<BatchCounter> counter = TakeCounter();
    // NewChunk made it.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast)
    counter->Count(batch, static_cast<WindowCounts*>(chunk));
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(counter));
  }

  Result<void> Write(Chunk* chunk) override {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast)
    const auto& window = *static_cast<const WindowCounts*>(chunk);
    counts_.Merge(window.counts);
    for (size_t i = 0; i < shards_.size(); ++i) {
      shards_[i].records += window.shards[i].records;
      shards_[i].bytes += window.shards[i].bytes;
    }
    const KeyTally* tallies = window.tallies.begin();
    const uint8_t* keys = window.keys.begin();
    for (const KeyGroup& group : window.groups) {
      SettledSketch& sketch =
          group.kind == KeyKind::kShardId ? archive_shards_ : keys_;
      keys = sketch.Take(group, {tallies, group.tallies}, keys);
      tallies += group.tallies;
    }
    return {};
  }

  Result<void> Finish() override { return {}; }

  [[nodiscard]] ArchiveStats Stats() const override {
    ArchiveStats stats;
    static_cast<StatsCounts&>(stats) = counts_;
    stats.keys = keys_.sketch().Top(options_.top_keys);
    stats.archive_shards = archive_shards_.sketch().Top(kMaxShards);
    stats.shards.reserve(shards_.size());
    for (size_t i = 0; i < shards_.size(); ++i) {
      stats.shards.push_back({.range = options_.shards[i],
                              .records = shards_[i].records,
                              .bytes = shards_[i].bytes});
    }
    return stats;
  }

 private:
  [[nodiscard]] std::unique_ptr<BatchCounter> TakeCounter() const {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<BatchCounter> counter = std::move(idle_.back());
        idle_.pop_back();
        return counter;
      }
    }
    return std::make_unique<BatchCounter>(finder_);
  }

  StatsOptions options_;
  ShardFinder finder_;
  // Counters that are not in use; there is at most one per thread.
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<BatchCounter>> idle_;
  StatsCounts counts_;
  std::vector<ShardTally> shards_;
  SettledSketch keys_;
  SettledSketch archive_shards_;
};

}  // namespace

Result<std::unique_ptr<StatsSink>> OpenStats(StatsOptions options) {
  const std::vector<HashKeyRange>& shards = options.shards;
  if (shards.size() > kMaxShards) {
    return tl::unexpected(
        InvalidArgument("more than " + std::to_string(kMaxShards) + " shards"));
  }
  if (std::optional<std::string> problem = ProblemOfShardRanges(shards)) {
    return tl::unexpected(InvalidArgument(*std::move(problem)));
  }
  if (Result<void> ok = DrawHashSecret(); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  return std::make_unique<StatsSinkImpl>(std::move(options));
}

}  // namespace thresh
