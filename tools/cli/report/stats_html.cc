// See stats_html.h. The page's content security policy forbids what it does not
// need: if a key were interpreted as markup, it could have no effect.
#include "cli/report/stats_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/json.h"
#include "base/printable.h"
#include "cli/report/advice.h"
#include "cli/report/stats_style.h"
#include "cli/report/svg_plot.h"
#include "cli/report/units.h"

namespace thresh::cli {
namespace {

constexpr size_t kSizeBars = 48;
constexpr size_t kShardBars = 64;
constexpr size_t kHashSpaceBars = 128;

constexpr char kHead[] = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Kinesis archive statistics</title>
<style>)html";

// Bytes as text in a font of their own; <bdi> isolates their direction.
std::string KeyHtml(std::string_view key) {
  if (IsUtf8(AsBytes(key))) {
    return "<bdi class=\"key\">" + HtmlEscaped(Printable(key)) + "</bdi>";
  }
  return "<bdi class=\"key\">" + Base64Text(AsBytes(key)) +
         "</bdi> <span class=\"mark\">base64</span>";
}

std::string Tile(const std::string& value, std::string_view label) {
  return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>\n",
                     value, label);
}

std::string Section(std::string_view title, const std::string& sub,
                    const std::string& content) {
  return fmt::format(
      "<section>\n<h2>{}</h2>\n<p class=\"sub\">{}</p>\n{}</section>\n", title,
      HtmlEscaped(sub), content);
}

std::string PlotSection(const Plot& plot, const std::string& sub) {
  if (plot.bars.empty()) return {};
  return Section(plot.title, sub, SvgBars(plot));
}

std::string SizesSub(const SizeDistribution& sizes) {
  return fmt::format(
      "least {}, median {}, 90% up to {}, 99% up to {}, most {}, mean {}",
      WithThousands(sizes.min()), WithThousands(sizes.Quantile(0.5)),
      WithThousands(sizes.Quantile(0.9)), WithThousands(sizes.Quantile(0.99)),
      WithThousands(sizes.max()), HumanCount(sizes.Mean()));
}

std::string Tiles(const ArchiveStats& stats) {
  uint64_t records = 0;
  uint64_t suspects = 0;
  for (size_t i = 0; i < kVerdicts; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (verdict != Verdict::kOpaqueSpan) records += stats.verdicts[i];
    if (IsSuspect(verdict)) suspects += stats.verdicts[i];
  }
  const std::string about = stats.keys.distinct_exact ? "" : "about ";
  return "<div class=\"tiles\">\n" +
         Tile(WithThousands(stats.data_bytes.count()), "user records") +
         Tile(HumanBytes(static_cast<double>(stats.data_bytes.sum())),
              "of their data") +
         Tile(WithThousands(records), "Kinesis records") +
         Tile(HumanCount(stats.records_per_aggregate.Mean()),
              "user records per aggregate, mean") +
         Tile(about + WithThousands(stats.keys.distinct),
              "different partition keys") +
         Tile(WithThousands(suspects), "suspects") + "</div>\n";
}

std::string Row(std::string_view label, const std::string& number) {
  return fmt::format("<tr><td>{}</td><td class=\"n\">{}</td></tr>\n", label,
                     number);
}

std::string Table(const std::string& rows) {
  return "<table>\n" + rows + "</table>\n";
}

std::string Verdicts(const ArchiveStats& stats) {
  std::string rows;
  for (size_t i = 0; i < kVerdicts; ++i) {
    rows += Row(VerdictName(static_cast<Verdict>(i)),
                WithThousands(stats.verdicts[i]));
  }
  return Section("Verdicts", "Kinesis records and opaque spans", Table(rows));
}

std::string Aggregation(const ArchiveStats& stats) {
  const uint64_t singly = stats.aggregated_data_bytes + stats.key_bytes;
  const uint64_t stored = stats.aggregate_bytes.sum();
  return Section(
      "Aggregation", "what aggregates take, and what their records would alone",
      Table(
          Row("bytes of keys, one by one", WithThousands(stats.key_bytes)) +
          Row("bytes of keys, in tables", WithThousands(stats.table_bytes)) +
          Row("bytes saved by the key tables", SignedText(BytesSaved(stats))) +
          Row("bytes of data and keys, one by one", WithThousands(singly)) +
          Row("bytes as stored, of these " + PercentText(stored, singly),
              WithThousands(stored)) +
          Row("25 KiB payload units, one by one",
              WithThousands(stats.payload_units_unpacked)) +
          Row("25 KiB payload units, as stored",
              WithThousands(stats.payload_units))));
}

std::string KeyTable(std::string_view title, const std::vector<KeyCount>& keys,
                     uint64_t error, uint64_t KeyCount::* measure) {
  if (keys.empty()) return {};
  std::string rows =
      "<tr><th>key</th><th class=\"n\">user records</th>"
      "<th class=\"n\">bytes</th></tr>\n";
  const uint64_t most = std::max<uint64_t>(1, keys.front().*measure);
  for (const KeyCount& key : keys) {
    const double share =
        100 * static_cast<double>(key.*measure) / static_cast<double>(most);
    rows += fmt::format(
        "<tr><td>{}<span class=\"share\" style=\"width:{:.1f}%\"></span></td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        KeyHtml(key.key), share, WithThousands(key.records),
        WithThousands(key.bytes));
  }
  const std::string sub =
      error == 0 ? "exact"
                 : "true counts are up to " + WithThousands(error) + " higher";
  return Section(title, sub, Table(rows));
}

std::string HashKeyPlots(const StatsReport& report) {
  const ArchiveStats& stats = report.stats;
  const uint64_t records = stats.data_bytes.count();
  if (records == stats.without_hash_key) return {};
  std::string sub = "in " + report.shards_from;
  if (stats.outside_shards > 0) {
    sub += ", outside of all " + WithThousands(stats.outside_shards);
  }
  return PlotSection({.title = "User records by shard",
                      .x_axis = "shard",
                      .y_axis = "user records",
                      .bars = ShardBars(stats, kShardBars)},
                     sub) +
         PlotSection({.title = "User records over the hash space",
                      .x_axis = "hash key, of 2^128",
                      .y_axis = "user records",
                      .bars = HashSpaceBars(stats, kHashSpaceBars)},
                     "by explicit hash key " +
                         WithThousands(stats.by_explicit_hash_key) +
                         ", without hash key " +
                         WithThousands(stats.without_hash_key));
}

std::string ArrivalPlot(const ArchiveStats& stats) {
  const TimeDistribution& arrivals = stats.arrivals;
  if (arrivals.empty()) return {};
  std::string sub =
      fmt::format("{} to {}", UtcText(arrivals.min()), UtcText(arrivals.max()));
  if (stats.without_arrival > 0) {
    sub += ", time unknown " + WithThousands(stats.without_arrival);
  }
  return PlotSection(
      {.title = "User records by arrival time",
       .x_axis = "time, UTC, bars of " + WidthText(arrivals.width()),
       .y_axis = "user records",
       .bars = ArrivalBars(arrivals)},
      sub);
}

std::string SizePlot(std::string title, std::string x_axis, std::string y_axis,
                     const SizeDistribution& sizes) {
  return PlotSection({.title = std::move(title),
                      .x_axis = std::move(x_axis),
                      .y_axis = std::move(y_axis),
                      .bars = SizeBars(sizes, kSizeBars)},
                     SizesSub(sizes));
}

}  // namespace

std::string StatsHtml(const StatsReport& report) {
  const ArchiveStats& stats = report.stats;
  const Summary& summary = report.report.summary;
  std::string errors;
  for (const Error& error : report.report.input_errors) {
    errors +=
        "<p>" + HtmlEscaped(Printable(Advised(error).ToString())) + "</p>\n";
  }
  return std::string(kHead) + kStatsStyle +
         "</style>\n</head>\n<body>\n<h1>Kinesis archive</h1>\n" +
         fmt::format(
             "<p class=\"sub\">{} input{}, {} bytes, {} as stored</p>\n",
             WithThousands(summary.inputs), summary.inputs == 1 ? "" : "s",
             WithThousands(summary.bytes),
             WithThousands(summary.stored_bytes)) +
         errors + Tiles(stats) + "<div class=\"plots\">\n" +
         SizePlot("User records per aggregate", "user records, logarithmic",
                  "aggregates", stats.records_per_aggregate) +
         SizePlot("Sizes of aggregates", "bytes, logarithmic", "aggregates",
                  stats.aggregate_bytes) +
         SizePlot("Sizes of user records", "bytes of data, logarithmic",
                  "user records", stats.data_bytes) +
         HashKeyPlots(report) + ArrivalPlot(stats) + Aggregation(stats) +
         Verdicts(stats) +
         KeyTable("Partition keys with most user records",
                  stats.keys.by_records, stats.keys.records_error,
                  &KeyCount::records) +
         KeyTable("Partition keys with most bytes", stats.keys.by_bytes,
                  stats.keys.bytes_error, &KeyCount::bytes) +
         KeyTable("Shards as the archive tells them",
                  stats.told_shards.by_records, stats.told_shards.records_error,
                  &KeyCount::records) +
         "</div>\n</body>\n</html>\n";
}

}  // namespace thresh::cli
