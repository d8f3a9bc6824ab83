// See stats_json.h.
#include "cli/report/stats_json.h"

#include <string>
#include <vector>

#include "cli/report/summary_printer.h"

namespace thresh::cli {
namespace {

Json SizesJson(const SizeDistribution& sizes) {
  return {{"count", sizes.count()},
          {"sum", sizes.sum()},
          {"min", sizes.min()},
          {"max", sizes.max()},
          {"mean", sizes.Mean()},
          {"p50", sizes.Quantile(0.5)},
          {"p90", sizes.Quantile(0.9)},
          {"p99", sizes.Quantile(0.99)},
          {"quantile_error", SizeDistribution::kQuantileError}};
}

Json VerdictsJson(const ArchiveStats& stats) {
  Json object = Json::object();
  for (size_t i = 0; i < kVerdicts; ++i) {
    object[std::string(VerdictName(static_cast<Verdict>(i)))] =
        stats.verdicts[i];
  }
  return object;
}

Json KeyCountsJson(const std::vector<KeyCount>& keys, const char* name) {
  Json list = Json::array();
  for (const KeyCount& count : keys) {
    Json object = Json::object();
    SetText(&object, name, count.key);
    object["records"] = count.records;
    object["bytes"] = count.bytes;
    list.push_back(std::move(object));
  }
  return list;
}

Json KeysJson(const ArchiveStats& stats) {
  const TopKeys& keys = stats.keys;
  return {{"distinct", keys.distinct},
          {"distinct_standard_error",
           keys.distinct_exact ? 0 : TopKeys::kDistinctError},
          {"by_records", KeyCountsJson(keys.by_records, "key")},
          {"by_bytes", KeyCountsJson(keys.by_bytes, "key")},
          {"records_error", keys.records_error},
          {"bytes_error", keys.bytes_error},
          {"without_key", stats.keyless_records},
          {"too_long", stats.long_key_records}};
}

Json HashKeysJson(const ArchiveStats& stats) {
  Json shards = Json::array();
  for (const ShardCount& shard : stats.shards) {
    Json object = Json::object();
    SetText(&object, "shard", shard.range.name);
    object["first"] = HashKeyText(shard.range.first);
    object["last"] = HashKeyText(shard.range.last);
    object["records"] = shard.records;
    object["bytes"] = shard.bytes;
    shards.push_back(std::move(object));
  }
  return {{"by_explicit_hash_key", stats.by_explicit_hash_key},
          {"invalid_explicit_hash_keys", stats.invalid_explicit_hash_keys},
          {"without_hash_key", stats.without_hash_key},
          {"outside_shards", stats.outside_shards},
          {"shards", std::move(shards)},
          {"space", stats.hash_space}};
}

// A double represents microseconds exactly until the year 2242.
double Seconds(int64_t micros) { return static_cast<double>(micros) / 1e6; }

Json ArrivalsJson(const ArchiveStats& stats) {
  const TimeDistribution& arrivals = stats.arrivals;
  Json object = {{"first", nullptr},
                 {"last", nullptr},
                 {"bucket_seconds", nullptr},
                 {"buckets", Json::array()},
                 {"unknown", stats.without_arrival}};
  if (arrivals.empty()) return object;
  object["first"] = Seconds(arrivals.min());
  object["last"] = Seconds(arrivals.max());
  object["bucket_seconds"] = Seconds(arrivals.width());
  for (size_t i = 0; i < arrivals.size(); ++i) {
    object["buckets"].push_back({{"start", Seconds(arrivals.StartOf(i))},
                                 {"records", arrivals.CountOf(i)}});
  }
  return object;
}

Json AggregationJson(const ArchiveStats& stats) {
  return {{"user_records", stats.aggregated_records},
          {"data_bytes", stats.aggregated_data_bytes},
          {"stored_bytes", stats.aggregate_bytes.sum()},
          {"key_bytes", stats.key_bytes},
          {"table_bytes", stats.table_bytes},
          {"bytes_saved_by_key_table", BytesSaved(stats)},
          {"payload_units", stats.payload_units},
          {"payload_units_unpacked", stats.payload_units_unpacked}};
}

}  // namespace

Json StatsJson(const StatsReport& report) {
  const ArchiveStats& stats = report.stats;
  Json summary = SummaryJson(report.report);
  summary.erase("seconds");
  return {{"summary", std::move(summary)},
          {"verdicts", VerdictsJson(stats)},
          {"records_per_aggregate", SizesJson(stats.records_per_aggregate)},
          {"aggregate_bytes", SizesJson(stats.aggregate_bytes)},
          {"data_bytes", SizesJson(stats.data_bytes)},
          {"partition_keys", KeysJson(stats)},
          {"hash_keys", HashKeysJson(stats)},
          {"told_shards",
           {{"shards", KeyCountsJson(stats.told_shards.by_records, "shard")},
            {"records_error", stats.told_shards.records_error},
            {"bytes_error", stats.told_shards.bytes_error}}},
          {"arrivals", ArrivalsJson(stats)},
          {"aggregation", AggregationJson(stats)}};
}

}  // namespace thresh::cli
