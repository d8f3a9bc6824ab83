// Adds exact counts.
#include <cstddef>

#include "thresh/stats.h"

namespace thresh {

void StatsCounts::Merge(const StatsCounts& other) {
  for (size_t i = 0; i < kVerdicts; ++i) verdicts[i] += other.verdicts[i];
  records_per_aggregate.Merge(other.records_per_aggregate);
  aggregate_bytes.Merge(other.aggregate_bytes);
  data_bytes.Merge(other.data_bytes);
  keyless_records += other.keyless_records;
  long_key_records += other.long_key_records;
  long_key_bytes += other.long_key_bytes;
  for (size_t i = 0; i < kHashSpaceBuckets; ++i) {
    hash_space[i] += other.hash_space[i];
  }
  by_explicit_hash_key += other.by_explicit_hash_key;
  invalid_explicit_hash_keys += other.invalid_explicit_hash_keys;
  without_hash_key += other.without_hash_key;
  outside_shards += other.outside_shards;
  arrivals.Merge(other.arrivals);
  without_arrival += other.without_arrival;
  aggregated_records += other.aggregated_records;
  aggregated_data_bytes += other.aggregated_data_bytes;
  key_bytes += other.key_bytes;
  table_bytes += other.table_bytes;
  payload_units += other.payload_units;
  payload_units_unpacked += other.payload_units_unpacked;
}

}  // namespace thresh
