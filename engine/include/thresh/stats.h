// Statistics of an archive: sizes, keys, the distribution of records over
// shards and time, and what aggregation saves. FORMAT.md, "Statistics", defines
// each number. Computed by a sink, on all threads, in bounded memory.
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

// The exact counts. Plain data.
struct StatsCounts {
  std::array<uint64_t, kVerdicts> verdicts = {};  // indexed by Verdict

  SizeDistribution records_per_aggregate;  // of verified aggregates
  SizeDistribution aggregate_bytes;        // magic and digest included
  SizeDistribution data_bytes;             // of user records, without keys

  uint64_t keyless_records = 0;   // user records without partition key
  uint64_t long_key_records = 0;  // with one too long for the sketch
  uint64_t long_key_bytes = 0;    // their data

  // User records by the first ten bits of their hash key.
  std::array<uint64_t, kHashSpaceBuckets> hash_space = {};
  uint64_t by_explicit_hash_key = 0;  // user records, with one that is valid
  uint64_t invalid_explicit_hash_keys = 0;  // user records, with another
  uint64_t without_hash_key = 0;  // neither hash key nor partition key
  uint64_t outside_shards = 0;    // in none of StatsOptions::shards

  TimeDistribution arrivals;  // of user records, if known
  uint64_t without_arrival = 0;

  // Of aggregates only.
  uint64_t aggregated_records = 0;      // user records
  uint64_t aggregated_data_bytes = 0;   // their data
  uint64_t key_bytes = 0;               // if each carried its own keys
  uint64_t table_bytes = 0;             // of the keys in the tables
  uint64_t payload_units = 0;           // of 25 KiB, as stored
  uint64_t payload_units_unpacked = 0;  // if each were put separately

  THRESH_EXPORT void Merge(const StatsCounts& other);
};

// A key, with lower bounds of its user records and bytes of data.
struct KeyCount {
  std::string key;  // bytes
  uint64_t records = 0;
  uint64_t bytes = 0;

  friend bool operator==(const KeyCount&, const KeyCount&) = default;
};

// The most frequent keys: a sketch of bounded size. True counts exceed those
// given by at most `records_error` and `bytes_error`; a key that is not listed
// has at most the smallest listed count plus the error. Both are 0, and all
// counts exact, up to kExactKeys distinct keys.
struct TopKeys {
  static constexpr size_t kExactKeys = size_t{1} << 16;
  // Longer keys, which do not occur in Kinesis, are left out and counted.
  static constexpr size_t kLongestKey = 1024;
  // Relative standard error of `distinct` if it is not exact.
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
  TopKeys archive_shards;          // shard ids in the archive
};

struct StatsOptions {
  // The ranges in which hash keys are counted: in order, without overlap, gaps
  // allowed; at most 20,000.
  std::vector<HashKeyRange> shards = EqualRanges(16);
  size_t top_keys = 10;  // in TopKeys::by_records and by_bytes
};

// Counts the records of one run.
class THRESH_EXPORT StatsSink : public Sink {
 public:
  // The statistics of what has been written so far. They depend only on the
  // order and content of the input, not on the windows or the number of jobs.
  [[nodiscard]] virtual ArchiveStats Stats() const = 0;
};

// Fails if the shards are out of order, overlap or are too many, and if the
// system does not provide random bytes, which hash tables need.
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<StatsSink>> OpenStats(
    StatsOptions options = {});

}  // namespace thresh

#endif  // THRESH_STATS_H_
