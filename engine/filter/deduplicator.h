// Detects records that occurred before, by keyed hashes of 128 bits
// (digest/keyed_hash.h): exact except for two different records with one hash,
// which do not occur by chance and which no writer of an archive can construct.
#ifndef THRESH_FILTER_DEDUPLICATOR_H_
#define THRESH_FILTER_DEDUPLICATOR_H_

#include <cstdint>

#include "filter/hash_set.h"
#include "thresh/batch.h"
#include "thresh/filter.h"

namespace thresh {

class Deduplicator {
 public:
  enum class Outcome : uint8_t {
    kFirst,
    kRepeated,
    kUnnumbered,  // it has no position to compare
    kConflict,    // another record had its position before
    kFull,        // there is no memory for another record
  };

  // `filter` selects one of the two ways.
  explicit Deduplicator(const Filter& filter)
      : by_(filter.dedupe), set_(filter.dedupe_memory) {}

  // The next records are of the Kinesis record with this metadata.
  void Enter(const KinesisMetadata& metadata);
  // Whether `record` occurred before; adds it unless kUnnumbered or kFull.
  Outcome Look(const UserRecord& record);

 private:
  Outcome LookAtPosition(const UserRecord& record);

  Dedupe by_;
  HashSet set_;
  bool numbered_ = false;     // the Kinesis record's position is known
  Hash128 entered_ = {0, 0};  // of the Kinesis record's position
};

}  // namespace thresh

#endif  // THRESH_FILTER_DEDUPLICATOR_H_
