// The wire reader against protobuf's C++ codec with its message reused, each on
// the same messages. "hot" reads one message repeatedly from cache; the others
// read enough messages to come from memory.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "aggregated_record.pb.h"
#include "record/aggregated_record_reader.h"
#include "record/aggregated_record_writer.h"

namespace {

using thresh::Bytes;
using Message = thresh::Column<uint8_t>;

struct Workload {
  size_t message_bytes;
  size_t keys;           // 0: a new key for every record
  size_t data_size;      // 0: log-normal, from 20 bytes to 20 kB
  double with_hash_key;  // share of records
  bool zipf;
  size_t total_bytes;
};

size_t DrawSize(const Workload& workload, std::mt19937_64& random) {
  if (workload.data_size != 0) return workload.data_size;
  std::lognormal_distribution<double> sizes(std::log(400.0), 1.2);
  return static_cast<size_t>(std::clamp(sizes(random), 20.0, 20000.0));
}

uint64_t DrawKey(const Workload& workload, uint64_t row,
                 std::mt19937_64& random) {
  if (workload.keys == 0) return row;
  if (!workload.zipf) return random() % workload.keys;
  // The approximate inverse of Zipf's distribution function at exponent 1.
  std::uniform_real_distribution<double> unit(0, 1);
  const auto rank =
      std::pow(static_cast<double>(workload.keys), unit(random)) - 1;
  return std::min(static_cast<uint64_t>(rank), workload.keys - 1);
}

Message MakeMessage(const Workload& workload, std::mt19937_64& random) {
  Message tables;
  Message records;
  uint64_t keys = 0;
  uint64_t hash_keys = 0;
  for (uint64_t row = 0;
       tables.size() + records.size() < workload.message_bytes; ++row) {
    // Indices count keys in order of first use, as in aggregators: a key drawn
    // beyond those in the table becomes the next one.
    uint64_t key = DrawKey(workload, row, random);
    if (key >= keys) {
      key = keys++;
      thresh::AppendKey(thresh::KeyTableTag::kPartitionKeys,
                        "partition-key-" + std::to_string(key), &tables);
    }
    std::optional<uint64_t> hash_key;
    if (std::uniform_real_distribution<double>(0, 1)(random) <
        workload.with_hash_key) {
      hash_key = random() % (hash_keys + 1);
      hash_keys += *hash_key == hash_keys ? 1 : 0;
    }
    std::vector<uint8_t> data(DrawSize(workload, random));
    for (uint8_t& byte : data) byte = static_cast<uint8_t>(random());
    thresh::AppendRecord(key, hash_key, data, &records);
  }
  for (uint64_t i = 0; i < hash_keys; ++i) {
    thresh::AppendKey(thresh::KeyTableTag::kExplicitHashKeys,
                      std::to_string(i * 1000003), &tables);
  }
  const size_t size = tables.size();
  tables.Resize(size + records.size());
  std::ranges::copy(records, tables.data() + size);
  return tables;
}

std::vector<Message> MakeMessages(const Workload& workload) {
  std::mt19937_64 random(20240607);
  std::vector<Message> messages;
  for (size_t total = 0; total < workload.total_bytes;) {
    messages.push_back(MakeMessage(workload, random));
    total += messages.back().size();
  }
  return messages;
}

void SetRates(size_t records, const std::vector<Message>& messages,
              benchmark::State& state) {
  size_t bytes = 0;
  for (const Message& message : messages) bytes += message.size();
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.SetItemsProcessed(static_cast<int64_t>(records));
}

void Thresh(benchmark::State& state, const Workload& workload) {
  const std::vector<Message> messages = MakeMessages(workload);
  thresh::UserRecordColumns columns;
  size_t records = 0;
  for (auto _ : state) {
    for (const Message& message : messages) {
      columns.Truncate(0, 0, 0);
      const auto result = thresh::ReadAggregatedRecord(
          {message.data(), message.size()}, &columns);
      if (result.status != thresh::WireStatus::kOk) {
        state.SkipWithError("a message was refused");
      }
      benchmark::DoNotOptimize(columns.data.data());
      records += columns.size();
    }
  }
  SetRates(records, messages, state);
}

void Protobuf(benchmark::State& state, const Workload& workload) {
  const std::vector<Message> messages = MakeMessages(workload);
  thresh::oracle::AggregatedRecord parsed;
  size_t records = 0;
  for (auto _ : state) {
    for (const Message& message : messages) {
      if (!parsed.ParseFromArray(message.data(),
                                 static_cast<int>(message.size()))) {
        state.SkipWithError("a message was refused");
      }
      records += static_cast<size_t>(parsed.records_size());
    }
  }
  SetRates(records, messages, state);
}

constexpr size_t kKiB = 1024;
constexpr size_t kMiB = 1024 * kKiB;

constexpr Workload kSmall = {50 * kKiB, 1000, 100, 0, false, 32 * kMiB};
constexpr Workload kSmallHot = {50 * kKiB, 1000, 100, 0, false, 1};
constexpr Workload kMedium = {kMiB, 0, 1024, 0, false, 64 * kMiB};
constexpr Workload kTiny = {kMiB, 1000, 20, 0, false, 32 * kMiB};
constexpr Workload kTinyHot = {50 * kKiB, 1000, 20, 0, false, 1};
constexpr Workload kVaried = {kMiB, 5000, 0, 0.1, true, 64 * kMiB};
constexpr Workload kVariedHot = {1000 * kKiB, 5000, 0, 0.1, true, 1};

#define THRESH_BENCHMARK(name, workload)       \
  BENCHMARK_CAPTURE(Protobuf, name, workload); \
  BENCHMARK_CAPTURE(Thresh, name, workload)

THRESH_BENCHMARK(small, kSmall);
THRESH_BENCHMARK(small_hot, kSmallHot);
THRESH_BENCHMARK(medium, kMedium);
THRESH_BENCHMARK(tiny, kTiny);
THRESH_BENCHMARK(tiny_hot, kTinyHot);
THRESH_BENCHMARK(varied, kVaried);
THRESH_BENCHMARK(varied_hot, kVariedHot);

}  // namespace
