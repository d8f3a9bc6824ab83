// Which of an archive's records a run outputs. All other options are in
// options.h.
#ifndef THRESH_FILTER_H_
#define THRESH_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thresh/export.h"
#include "thresh/hash_key.h"
#include "thresh/key_file.h"
#include "thresh/result.h"

namespace thresh {

// Both ends are inclusive.
struct HashRange {
  HashKey first;
  HashKey last;

  [[nodiscard]] bool Contains(const HashKey& key) const {
    return first <= key && key <= last;
  }
};

enum class HashRangeMode : uint8_t {
  kRecord,     // user records within the range pass
  kAggregate,  // Kinesis records pass if all their user records are within it
};

enum class Dedupe : uint8_t {
  kNone,
  kSequence,  // by stream, shard, sequence number, sub-sequence number
  kContent,   // by partition key, explicit hash key and data
};

// A user record passes if it meets every condition that is set. FORMAT.md,
// "Filters", defines each.
struct Filter {
  // On the partition key; a record passes if an entry of any of the four lists
  // matches its key.
  std::vector<std::string> partition_keys;
  std::vector<std::shared_ptr<const KeyFile>> partition_key_files;
  std::vector<std::string> partition_key_globs;
  std::vector<std::string> partition_key_regexes;  // RE2, of the whole key

  std::optional<HashRange> hash_range;  // of the effective hash key
  HashRangeMode hash_range_mode = HashRangeMode::kRecord;

  // On the Kinesis record; excluded records are not verified.
  std::vector<std::string> shards;  // whole ids, or their numbers alone
  std::optional<int64_t> since;     // arrival, microseconds since 1970 UTC
  std::optional<int64_t> until;     // likewise; exclusive

  uint64_t sample = 1;  // keys sampled: one in this many

  // The first of several equal records passes, in input order. If the hashes of
  // the records need more than `dedupe_memory` bytes the run ends in an error.
  Dedupe dedupe = Dedupe::kNone;
  uint64_t dedupe_memory = uint64_t{1} << 30;

  // The run ends after this many user records, or this many Kinesis records and
  // opaque spans, not counting those whose user records were all filtered out.
  // Nothing after the limit is counted.
  std::optional<uint64_t> limit;
  std::optional<uint64_t> kinesis_record_limit;
};

// The least value of Filter::dedupe_memory.
inline constexpr uint64_t kMinDedupeMemory = uint64_t{1} << 20;

// Returns an error unless every condition is valid.
[[nodiscard]] THRESH_EXPORT Result<void> CheckFilter(const Filter& filter);

// Reads "A-B", two hash keys: decimal digits, or hexadecimal ones after "0x".
[[nodiscard]] THRESH_EXPORT Result<HashRange> ParseHashRange(
    std::string_view text);

// Reads a time for Filter::since or ::until: ISO 8601 with "Z" or an offset, or
// a JSON number of seconds (of milliseconds from 10^11 on). In microseconds.
[[nodiscard]] THRESH_EXPORT Result<int64_t> ParseTime(std::string_view text);

}  // namespace thresh

#endif  // THRESH_FILTER_H_
