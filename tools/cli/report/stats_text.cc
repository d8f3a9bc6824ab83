// See stats_text.h.
#include "cli/report/stats_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "base/printable.h"
#include "cli/report/record_printer.h"
#include "cli/report/units.h"

namespace thresh::cli {
namespace {

constexpr size_t kBarWidth = 36;
constexpr size_t kSizeRows = 10;
constexpr size_t kShardRows = 16;
constexpr size_t kTimeColumns = 70;
constexpr size_t kKeyPreview = 32;

// A bar in eighths of a character, `width` characters long for `most`.
std::string BarText(uint64_t count, uint64_t most, size_t width = kBarWidth) {
  static constexpr std::array<std::string_view, 8> kEighths = {
      "", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (count == 0) return {};
  const double share = static_cast<double>(count) / static_cast<double>(most);
  // Any count above 0 is visible.
  const auto eighths = static_cast<size_t>(
      std::max(1L, std::lround(share * static_cast<double>(width * 8))));
  std::string text;
  for (size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text + std::string(kEighths[eighths % 8]);
}

uint64_t MaxOf(const std::vector<Bar>& bars) {
  uint64_t most = 1;
  for (const Bar& bar : bars) most = std::max(most, bar.count);
  return most;
}

std::string BarsText(const std::string& title, const std::vector<Bar>& bars) {
  if (bars.empty()) return {};
  std::string text = "\n" + title + "\n";
  const uint64_t most = MaxOf(bars);
  for (const Bar& bar : bars) {
    text += fmt::format("{:>22} {:>15}  {}\n", Printable(bar.range),
                        WithThousands(bar.count), BarText(bar.count, most));
  }
  return text;
}

std::string LineText(std::string_view label, const std::string& value,
                     const std::string& note = {}) {
  return fmt::format("{:<26} {:>18}{}{}\n", label, value,
                     note.empty() ? "" : "  ", note);
}

std::string CountsText(const ArchiveStats& stats) {
  std::string text = LineText(
      "user records", WithThousands(stats.data_bytes.count()),
      HumanBytes(static_cast<double>(stats.data_bytes.sum())) + " of data");
  for (size_t i = 0; i < kVerdicts; ++i) {
    if (stats.verdicts[i] == 0) continue;
    text += LineText(VerdictName(static_cast<Verdict>(i)),
                     WithThousands(stats.verdicts[i]));
  }
  return text;
}

std::string SizesText(const ArchiveStats& stats) {
  std::string text =
      fmt::format("\n{:<22}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "sizes", "min",
                  "p50", "p90", "p99", "max", "mean");
  const auto add = [&text](std::string_view name,
                           const SizeDistribution& sizes) {
    if (sizes.count() == 0) return;
    const auto human = [](uint64_t size) {
      return HumanCount(static_cast<double>(size));
    };
    text += fmt::format("{:<22}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n", name,
                        human(sizes.min()), human(sizes.Quantile(0.5)),
                        human(sizes.Quantile(0.9)), human(sizes.Quantile(0.99)),
                        human(sizes.max()), HumanCount(sizes.Mean()));
  };
  add("records per aggregate", stats.records_per_aggregate);
  add("bytes per aggregate", stats.aggregate_bytes);
  add("bytes per user record", stats.data_bytes);
  return text + "p50, p90 and p99 may be up to 3.2% too high\n";
}

std::string AggregationText(const ArchiveStats& stats) {
  if (stats.records_per_aggregate.count() == 0) return {};
  const uint64_t singly = stats.aggregated_data_bytes + stats.key_bytes;
  return "\naggregation\n" +
         LineText("  key bytes, one by one", WithThousands(stats.key_bytes)) +
         LineText("  key bytes, in tables", WithThousands(stats.table_bytes)) +
         LineText("  saved by the key tables", SignedText(BytesSaved(stats))) +
         LineText("  bytes, one by one", WithThousands(singly)) +
         LineText("  bytes, aggregated",
                  WithThousands(stats.aggregate_bytes.sum()),
                  PercentText(stats.aggregate_bytes.sum(), singly)) +
         LineText("  25 KiB units, one by one",
                  WithThousands(stats.payload_units_unpacked)) +
         LineText(
             "  25 KiB units, aggregated", WithThousands(stats.payload_units),
             PercentText(stats.payload_units, stats.payload_units_unpacked));
}

std::string ErrorText(uint64_t error) {
  return error == 0
             ? "exact"
             : fmt::format("true count: up to {} more", WithThousands(error));
}

std::string TopText(const std::string& title, const std::vector<KeyCount>& keys,
                    uint64_t KeyCount::* measure) {
  if (keys.empty()) return {};
  std::string text = "\n" + title + "\n";
  const uint64_t most = std::max<uint64_t>(1, keys.front().*measure);
  for (const KeyCount& key : keys) {
    text += fmt::format("{:>18}  {:<16} {}\n", WithThousands(key.*measure),
                        BarText(key.*measure, most, 16),
                        Preview(AsBytes(key.key), kKeyPreview));
  }
  return text;
}

std::string KeysText(const ArchiveStats& stats) {
  const TopKeys& keys = stats.keys;
  std::string text =
      "\n" +
      LineText("partition keys", WithThousands(keys.distinct),
               keys.distinct_exact ? "exact" : "estimate, standard error 0.8%");
  if (stats.keyless_records > 0) {
    text += LineText("  records without", WithThousands(stats.keyless_records));
  }
  if (stats.long_key_records > 0) {
    text += LineText("  records with too long",
                     WithThousands(stats.long_key_records), "not listed");
  }
  return text +
         TopText(
             "keys with most records (" + ErrorText(keys.records_error) + ")",
             keys.by_records, &KeyCount::records) +
         TopText("keys with most bytes of data (" +
                     ErrorText(keys.bytes_error) + ")",
                 keys.by_bytes, &KeyCount::bytes);
}

std::string HashKeysText(const StatsReport& report) {
  const ArchiveStats& stats = report.stats;
  if (stats.without_hash_key == stats.data_bytes.count()) return {};
  std::string text =
      BarsText("user records by hash key, in " + report.shards_from,
               ShardBars(stats, kShardRows));
  const auto add = [&text](std::string_view label, uint64_t count) {
    if (count > 0) text += LineText(label, WithThousands(count));
  };
  add("  outside all shards", stats.outside_shards);
  add("  without hash key", stats.without_hash_key);
  add("  by explicit hash key", stats.by_explicit_hash_key);
  add("  explicit but invalid", stats.invalid_explicit_hash_keys);
  return text;
}

// The first of them: an archive may contain thousands.
std::string ArchiveShardsText(const TopKeys& shards) {
  std::vector<KeyCount> first = shards.by_records;
  const size_t omitted = first.size() - std::min(first.size(), kShardRows);
  first.resize(first.size() - omitted);
  std::string text =
      TopText("user records by shard, as the archive names it (" +
                  ErrorText(shards.records_error) + ")",
              first, &KeyCount::records);
  if (omitted > 0)
    text += fmt::format("  and {} more\n", WithThousands(omitted));
  return text;
}

// One character for each time bucket, or for several if there are many.
std::string ArrivalsText(const ArchiveStats& stats) {
  static constexpr std::array<std::string_view, 9> kHeights = {
      " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const TimeDistribution& arrivals = stats.arrivals;
  if (arrivals.empty()) return {};
  const size_t step = (arrivals.size() + kTimeColumns - 1) / kTimeColumns;
  std::vector<Bar> columns((arrivals.size() + step - 1) / step);
  for (size_t i = 0; i < arrivals.size(); ++i) {
    columns[i / step].count += arrivals.CountOf(i);
  }
  const auto most = static_cast<double>(MaxOf(columns));
  std::string text =
      fmt::format("\narrival times, UTC\n  {} to {}\n  ",
                  UtcText(arrivals.min()), UtcText(arrivals.max()));
  for (const Bar& column : columns) {
    const double height = static_cast<double>(column.count) / most * 8;
    text += kHeights[static_cast<size_t>(std::ceil(height))];
  }
  text +=
      fmt::format("\n  one character is {}; the highest has {} user records\n",
                  WidthText(arrivals.width() * static_cast<int64_t>(step)),
                  WithThousands(MaxOf(columns)));
  if (stats.without_arrival > 0) {
    text += LineText("  records without", WithThousands(stats.without_arrival));
  }
  return text;
}

}  // namespace

std::string StatsText(const StatsReport& report) {
  const ArchiveStats& stats = report.stats;
  std::string text = CountsText(stats);
  if (stats.data_bytes.count() == 0) return text;
  return text + SizesText(stats) +
         BarsText("aggregates by number of user records",
                  SizeBars(stats.records_per_aggregate, kSizeRows)) +
         BarsText("aggregates by bytes",
                  SizeBars(stats.aggregate_bytes, kSizeRows)) +
         BarsText("user records by bytes of data",
                  SizeBars(stats.data_bytes, kSizeRows)) +
         AggregationText(stats) + KeysText(stats) + HashKeysText(report) +
         ArchiveShardsText(stats.archive_shards) + ArrivalsText(stats);
}

}  // namespace thresh::cli
