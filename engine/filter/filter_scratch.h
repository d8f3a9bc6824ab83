// The memory that RecordFilter needs between calls, and what it learns in them.
#ifndef THRESH_FILTER_FILTER_SCRATCH_H_
#define THRESH_FILTER_FILTER_SCRATCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "digest/hash_key_cache.h"
#include "digest/md5.h"
#include "filter/selection.h"
#include "thresh/bytes.h"
#include "thresh/column.h"

namespace thresh {

// Verdicts on the entries of a key table: that on row i at i + 1, and that on
// no key at kNoKey + 1, which is 0.
using KeyVerdicts = Column<uint8_t>;

// Used by one thread at a time. No result depends on it.
struct FilterScratch {
  Selection selection;
  KeyVerdicts keys;             // partition keys: matched and in the sample
  KeyVerdicts inside;           // partition keys: hash key in the range
  KeyVerdicts explicit_inside;  // explicit hash keys: likewise
  HashKeyCache hash_keys;
  unsigned pause = 0;  // batches for which it is not used
  // Partition keys whose hash key is not cached.
  struct Unknown {
    size_t row;  // of the key table
    uint64_t hash;
  };
  std::vector<Unknown> unknown;
  std::vector<Bytes> messages;
  std::vector<Md5Digest> digests;
};

}  // namespace thresh

#endif  // THRESH_FILTER_FILTER_SCRATCH_H_
