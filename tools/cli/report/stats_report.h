// The results of `thresh stats`, and the series of numbers that its text and
// its page plot.
#ifndef THRESH_TOOLS_CLI_REPORT_STATS_REPORT_H_
#define THRESH_TOOLS_CLI_REPORT_STATS_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "thresh/deaggregate.h"
#include "thresh/stats.h"

namespace thresh::cli {

struct StatsReport {
  Report report;
  ArchiveStats stats;
  // The origin of the shards, as the end of a sentence: "16 equal ranges".
  std::string shards_from;
};

struct Bar {
  std::string label;  // where it begins on the axis, or what it is
  std::string range;  // the whole range, for tooltips
  uint64_t count = 0;
};

// Adjacent buckets merged on a logarithmic axis, at most `most` bars, which is
// 2 or more.
[[nodiscard]] std::vector<Bar> SizeBars(const SizeDistribution& sizes,
                                        size_t most);
// Adjacent shards merged, likewise; counts user records.
[[nodiscard]] std::vector<Bar> ShardBars(const ArchiveStats& stats,
                                         size_t most);
// The hash space in `bars` equal parts; `bars` must divide 1024.
[[nodiscard]] std::vector<Bar> HashSpaceBars(const ArchiveStats& stats,
                                             size_t bars);
[[nodiscard]] std::vector<Bar> ArrivalBars(const TimeDistribution& arrivals);

// "2024-02-29 23:59:59.123" UTC; fractions only if there are any. Times outside
// the calendar are printed as seconds since 1970.
[[nodiscard]] std::string UtcText(int64_t micros);

// "1 ms", "30 s", "2 days".
[[nodiscard]] std::string WidthText(int64_t micros);

// Bytes saved by the key tables, as FORMAT.md defines it: may be negative.
[[nodiscard]] int64_t BytesSaved(const ArchiveStats& stats);

// `part` of `whole` in percent, "12.3%"; "-" if `whole` is 0.
[[nodiscard]] std::string PercentText(uint64_t part, uint64_t whole);

// A number with its sign and thousands separators: "-1,234".
[[nodiscard]] std::string SignedText(int64_t number);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_STATS_REPORT_H_
