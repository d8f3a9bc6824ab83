// See aggregate_report.h.
#include "cli/report/aggregate_report.h"
#include "cli/report/advice.h"

#include <fmt/format.h>

#include "cli/report/units.h"

namespace thresh::cli {

SummaryAddition AdditionOf(const AggregateReport& run) {
  const PackedCounts& packed = run.packed;
  const uint64_t in_blobs = packed.user_records - packed.plain_records;
  const double mean = packed.blobs == 0 ? 0
                                        : static_cast<double>(in_blobs) /
                                              static_cast<double>(packed.blobs);
  SummaryAddition addition;
  addition.rows.push_back({"blobs written", WithThousands(packed.blobs),
                           fmt::format("{:.1f} user records each", mean)});
  if (packed.unplaced_blobs > 0) {
    addition.rows.push_back(
        {"  of unplaced records", WithThousands(packed.unplaced_blobs),
         fmt::format("{} user records whose explicit hash keys are not numbers "
                     "below 2^128: the KCL cannot read them",
                     WithThousands(packed.unplaced_records))});
  }
  if (packed.plain_records > 0) {
    addition.rows.push_back({"plain records written",
                             WithThousands(packed.plain_records),
                             "too large to be aggregated"});
  }
  if (run.lost_keys > 0) {
    addition.rows.push_back({"  without all their keys",
                             WithThousands(run.lost_keys),
                             "which the container cannot hold"});
  }
  if (run.unsendable.dropped_hash_keys > 0) {
    addition.rows.push_back({"hash keys dropped",
                             WithThousands(run.unsendable.dropped_hash_keys),
                             "which Kinesis would not accept"});
  }
  if (run.unsendable.unsendable > 0) {
    addition.rows.push_back(
        {"left out", WithThousands(run.unsendable.unsendable),
         "the first: " + Advised(*run.unsendable.first_unsendable).ToString()});
    addition.left_out = true;
  }
  addition.rows.push_back({"bytes written", WithThousands(packed.bytes), ""});
  addition.members["written"] = {
      {"aggregated", packed.blobs},
      {"unplaced", packed.unplaced_blobs},
      {"unplaced_records", packed.unplaced_records},
      {"plain", packed.plain_records},
      {"without_all_keys", run.lost_keys},
      {"unsendable", run.unsendable.unsendable},
      {"dropped_hash_keys", run.unsendable.dropped_hash_keys},
      {"user_records", packed.user_records},
      {"bytes", packed.bytes}};
  return addition;
}

}  // namespace thresh::cli
