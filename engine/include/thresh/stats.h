// What an archive is like: sizes, keys, how records spread over shards and
// time, and what aggregation saves. FORMAT.md, "Statistics", defines each
// number. Gathered by a sink, on all threads, in bounded memory.
#ifndef THRESH_STATS_H_
#define THRESH_STATS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "thresh/distribution.h"
#include "thresh/export.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"
#include "thresh/sink.h"
#include "thresh/verdict.h"

namespace thresh {

inline constexpr size_t kVerdicts = 7;
inline constexpr size_t kHashSpaceBuckets = 1024;

// What is counted exactly. Plain data.
struct StatsCounts {
  std::array<uint64_t, kVerdicts> verdicts = {};  // indexed by Verdict

  SizeDistribution records_per_aggregate;  // of verified aggregates
  SizeDistribution aggregate_bytes;        // magic and digest included
  SizeDistribution data_bytes;             // of user records, without keys

  uint64_t keyless_records = 0;   // user records without partition key
  uint64_t long_key_records = 0;  // with one that the sketch does not take
  uint64_t long_key_bytes = 0;    // their data

  // User records by the first ten bits of their hash key.
  std::array<uint64_t, kHashSpaceBuckets> hash_space = {};
  uint64_t by_explicit_hash_key = 0;  // user records, with one that is valid
  uint64_t invalid_explicit_hash_keys = 0;  // user records, with another
  uint64_t without_hash_key = 0;  // neither hash key nor partition key
  uint64_t outside_shards = 0;    // in none of StatsOptions::shards

  TimeDistribution arrivals;  // of user records, as far as they are known
  uint64_t without_arrival = 0;

  // Of aggregates alone.
  uint64_t aggregated_records = 0;      // user records
  uint64_t aggregated_data_bytes = 0;   // their data
  uint64_t key_bytes = 0;               // had each carried its own keys
  uint64_t table_bytes = 0;             // of the keys in the tables
  uint64_t payload_units = 0;           // of 25 KiB, as stored
  uint64_t payload_units_unpacked = 0;  // had each been put by itself

  THRESH_EXPORT void Merge(const StatsCounts& other);
};

// A key with at least so many user records and bytes of data.
struct KeyCount {
  std::string key;  // bytes
  uint64_t records = 0;
  uint64_t bytes = 0;

  friend bool operator==(const KeyCount&, const KeyCount&) = default;
};

// The keys that come most often: a sketch of bounded size. True counts are
// those given or more, by `records_error` and `bytes_error` at most; a key that
// is not listed has no more than the least of those listed and the error
// together. Both errors are 0, and all counts exact, while no more than
// kExactKeys are different.
struct TopKeys {
  static constexpr size_t kExactKeys = size_t{1} << 16;
  // Longer keys, which Kinesis does not have, are left out and counted.
  static constexpr size_t kLongestKey = 1024;
  // Standard error of `distinct` if it is not exact, of the true number.
  static constexpr double kDistinctError = 0.0082;

  std::vector<KeyCount> by_records;  // most first, then in order of the bytes
  std::vector<KeyCount> by_bytes;
  uint64_t records_error = 0;
  uint64_t bytes_error = 0;
  uint64_t distinct = 0;
  bool distinct_exact = true;
};

struct ShardCount {
  HashKeyRange range;
  uint64_t records = 0;  // user records
  uint64_t bytes = 0;    // of their data
};

struct ArchiveStats : StatsCounts {
  TopKeys keys;                    // partition keys of user records
  std::vector<ShardCount> shards;  // StatsOptions::shards, in order
  TopKeys told_shards;             // shard ids that the archive tells
};

struct StatsOptions {
  // What to count hash keys in: in order, no two overlapping, gaps allowed; at
  // most 20,000.
  std::vector<HashKeyRange> shards = EqualRanges(16);
  size_t top_keys = 10;  // in TopKeys::by_records and by_bytes
};

// Counts what a run hands it: to be used for one run.
class THRESH_EXPORT StatsSink : public Sink {
 public:
  // What has been written so far. By the order and content of the input alone,
  // whatever the windows and the number of jobs.
  [[nodiscard]] virtual ArchiveStats Stats() const = 0;
};

// Fails for shards that are out of order or overlap, or too many, and if the
// system gives no random bytes, on which hash tables depend.
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<StatsSink>> OpenStats(
    StatsOptions options = {});

}  // namespace thresh

#endif  // THRESH_STATS_H_
