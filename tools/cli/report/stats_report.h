// All that `thresh stats` found, and the series of numbers that its text and
// its page draw from it.
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
  // Where the shards come from, as a sentence's end: "16 equal ranges".
  std::string shards_from;
};

struct Bar {
  std::string label;  // where on the axis it begins, or what it is
  std::string range;  // the whole of it, for those who ask
  uint64_t count = 0;
};

// Neighbouring buckets together on a logarithmic axis, at most `most` bars,
// which is 2 or more.
[[nodiscard]] std::vector<Bar> SizeBars(const SizeDistribution& sizes,
                                        size_t most);
// Neighbouring shards together, likewise; user records.
[[nodiscard]] std::vector<Bar> ShardBars(const ArchiveStats& stats,
                                         size_t most);
// The hash space in `bars` equal parts, which divide 1024.
[[nodiscard]] std::vector<Bar> HashSpaceBars(const ArchiveStats& stats,
                                             size_t bars);
[[nodiscard]] std::vector<Bar> ArrivalBars(const TimeDistribution& arrivals);

// "2024-02-29 23:59:59.123" UTC; fractions only if there are any. Times that no
// calendar holds are told as seconds since 1970.
[[nodiscard]] std::string UtcText(int64_t micros);

// "1 ms", "30 s", "2 days".
[[nodiscard]] std::string WidthText(int64_t micros);

// Bytes that the key tables save, of which FORMAT.md says what they are: may be
// negative.
[[nodiscard]] int64_t BytesSaved(const ArchiveStats& stats);

// `part` of `whole` in percent, "12.3%"; "-" of nothing.
[[nodiscard]] std::string PercentText(uint64_t part, uint64_t whole);

// A number with its sign and thousands: "-1,234".
[[nodiscard]] std::string SignedText(int64_t number);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_STATS_REPORT_H_
