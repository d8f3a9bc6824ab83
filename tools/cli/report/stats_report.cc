// See stats_report.h.
#include "cli/report/stats_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "cli/report/units.h"

namespace thresh::cli {
namespace {

// "5", or "5 to 7".
std::string RangeText(uint64_t first, uint64_t last) {
  if (first == last) return WithThousands(first);
  return WithThousands(first) + " to " + WithThousands(last);
}

// The bucket's position on a logarithmic axis, on which `bars` bars cover a
// power of two.
double PlaceOf(size_t bucket, double bars) {
  const uint64_t first = SizeDistribution::FirstOf(bucket);
  return first == 0 ? -1
                    : std::floor(std::log2(static_cast<double>(first)) * bars);
}

// Buckets from `begin` to `end`, merged where their positions are the same.
std::vector<Bar> SizeBarsOf(const SizeDistribution& sizes, size_t begin,
                            size_t end, double bars) {
  std::vector<Bar> result;
  for (size_t i = begin; i < end;) {
    const uint64_t first = SizeDistribution::FirstOf(i);
    Bar bar = {.label = HumanCount(static_cast<double>(first)),
               .range = {},
               .count = 0};
    const double place = PlaceOf(i, bars);
    while (i < end && PlaceOf(i, bars) == place)
      bar.count += sizes.CountOf(i++);
    bar.range = RangeText(first, SizeDistribution::FirstOf(i) - 1);
    result.push_back(std::move(bar));
  }
  return result;
}

size_t DividedUp(size_t dividend, size_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

}  // namespace

std::vector<Bar> SizeBars(const SizeDistribution& sizes, size_t most) {
  size_t begin = SizeDistribution::kBuckets;
  size_t end = 0;
  for (size_t i = 0; i < SizeDistribution::kBuckets; ++i) {
    if (sizes.CountOf(i) == 0) continue;
    begin = std::min(begin, i);
    end = i + 1;
  }
  if (end == 0) return {};
  // As many bars per power of two, or per few of them, as fit.
  for (double bars = 32;; bars /= 2) {
    std::vector<Bar> result = SizeBarsOf(sizes, begin, end, bars);
    if (result.size() <= most) return result;
  }
}

std::vector<Bar> ShardBars(const ArchiveStats& stats, size_t most) {
  std::vector<Bar> bars;
  const size_t step = DividedUp(stats.shards.size(), most);
  for (size_t i = 0; i < stats.shards.size(); i += step) {
    const size_t end = std::min(i + step, stats.shards.size());
    const std::string& first = stats.shards[i].range.name;
    const std::string& last = stats.shards[end - 1].range.name;
    Bar bar = {
        .label = first,
        .range = i + 1 == end ? first : fmt::format("{} to {}", first, last),
        .count = 0};
    for (size_t j = i; j < end; ++j) bar.count += stats.shards[j].records;
    bars.push_back(std::move(bar));
  }
  return bars;
}

std::vector<Bar> HashSpaceBars(const ArchiveStats& stats, size_t bars) {
  std::vector<Bar> result;
  const size_t step = kHashSpaceBuckets / bars;
  for (size_t i = 0; i < kHashSpaceBuckets; i += step) {
    Bar bar = {.label = fmt::format("{:.3g}",
                                    static_cast<double>(i) / kHashSpaceBuckets),
               .range = fmt::format("{} to {} of {}", i, i + step - 1,
                                    kHashSpaceBuckets),
               .count = 0};
    for (size_t j = i; j < i + step; ++j) bar.count += stats.hash_space[j];
    result.push_back(std::move(bar));
  }
  return result;
}

std::vector<Bar> ArrivalBars(const TimeDistribution& arrivals) {
  std::vector<Bar> bars;
  bars.reserve(arrivals.size());
  for (size_t i = 0; i < arrivals.size(); ++i) {
    const std::string start = UtcText(arrivals.StartOf(i));
    bars.push_back({.label = start,
                    .range = start + ", " + WidthText(arrivals.width()),
                    .count = arrivals.CountOf(i)});
  }
  return bars;
}

std::string UtcText(int64_t micros) {
  using std::chrono::days;
  using std::chrono::microseconds;
  // The calendars of <chrono> cover years up to 32767.
  constexpr int64_t kFar = int64_t{900'000'000'000} * 1'000'000;
  if (micros < -kFar || micros > kFar) {
    return fmt::format("{} s", micros / 1'000'000);
  }
  const std::chrono::sys_time<microseconds> time{microseconds(micros)};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text = fmt::format(
      "{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  const int64_t fraction = clock.subseconds().count();
  if (fraction % 1000 != 0) return text + fmt::format(".{:06}", fraction);
  if (fraction != 0) return text + fmt::format(".{:03}", fraction / 1000);
  return text;
}

std::string WidthText(int64_t micros) {
  constexpr int64_t kSecond = 1'000'000;
  if (micros < kSecond) return fmt::format("{} ms", micros / 1000);
  if (micros < 60 * kSecond) return fmt::format("{} s", micros / kSecond);
  const int64_t minutes = micros / kSecond / 60;
  if (minutes < 60) return fmt::format("{} min", minutes);
  const int64_t hours = minutes / 60;
  if (hours < 24) return fmt::format("{} h", hours);
  const int64_t days = hours / 24;
  return days == 1 ? "1 day" : fmt::format("{} days", days);
}

int64_t BytesSaved(const ArchiveStats& stats) {
  return static_cast<int64_t>(stats.key_bytes - stats.table_bytes);
}

std::string PercentText(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return fmt::format(
      "{:.1f}%", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string SignedText(int64_t number) {
  const auto size = static_cast<uint64_t>(number);
  return number < 0 ? "-" + WithThousands(0 - size) : WithThousands(size);
}

}  // namespace thresh::cli
