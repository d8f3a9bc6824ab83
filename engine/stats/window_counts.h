// The counts of the batches of one window, passed from the thread that counts
// to the one that adds. A window may be processed again, so counts are final
// only when it is written. Keys are copied: a mapped file that is truncated
// after its window was checked must not change them.
#ifndef THRESH_STATS_WINDOW_COUNTS_H_
#define THRESH_STATS_WINDOW_COUNTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/chunk.h"
#include "thresh/column.h"
#include "thresh/hash_key.h"
#include "thresh/stats.h"

namespace thresh {

struct ShardTally {
  uint64_t records = 0;
  uint64_t bytes = 0;
};

enum class KeyKind : uint32_t { kPartitionKey, kShardId };

// Keys of Kinesis records that begin in one stretch of one input. Stretches do
// not depend on windows, so a sketch that settles between them, and only there,
// does not depend on windows either.
struct KeyGroup {
  KeyKind kind;
  uint32_t source;
  uint64_t stretch;  // offset / kStretchBytes
  uint64_t tallies;  // the number of its entries in WindowCounts::tallies
};

inline constexpr uint64_t kStretchBytes = uint64_t{1} << 20;

struct KeyTally {
  uint64_t hash;     // KeyedHash64(key)
  HashKey hash_key;  // its MD5
  uint64_t records;
  uint64_t bytes;
  uint64_t size;  // of the key
};

class WindowCounts final : public Chunk {
 public:
  void Clear() override {
    counts = {};
    std::ranges::fill(shards, ShardTally{});
    groups.Clear();
    tallies.Clear();
    keys.Clear();
  }
  // Every Kinesis record that is counted has a verdict.
  [[nodiscard]] bool empty() const override {
    return std::ranges::all_of(counts.verdicts,
                               [](uint64_t count) { return count == 0; });
  }
  [[nodiscard]] size_t memory() const override {
    return sizeof *this + shards.size() * sizeof(ShardTally) +
           groups.size() * sizeof(KeyGroup) +
           tallies.size() * sizeof(KeyTally) + keys.size();
  }
  [[nodiscard]] size_t reserved_memory() const override {
    return sizeof *this + shards.capacity() * sizeof(ShardTally) +
           groups.capacity() * sizeof(KeyGroup) +
           tallies.capacity() * sizeof(KeyTally) + keys.capacity();
  }

  void AppendTally(const KeyTally& tally, Bytes key) {
    tallies.Append(tally);
    const size_t size = keys.size();
    keys.Resize(size + key.size());
    std::ranges::copy(key, keys.data() + size);
  }

  StatsCounts counts;
  std::vector<ShardTally> shards;  // of each shard, once something is counted
  Column<KeyGroup> groups;
  Column<KeyTally> tallies;  // the groups' tallies, in order
  Column<uint8_t> keys;      // the tallies', likewise
};

}  // namespace thresh

#endif  // THRESH_STATS_WINDOW_COUNTS_H_
