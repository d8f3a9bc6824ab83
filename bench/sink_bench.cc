// The cost of encoding user records, in bytes of their data per second.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "thresh/sinks.h"

namespace thresh {
namespace {

constexpr size_t kBatchBytes = size_t{4} << 20;

// The kind of data in the records.
enum class Content : uint8_t { kBinary, kJson };

// A batch of aggregates of about 50 KB, with keys like a producer's.
struct Sample {
  Sample(size_t record_size, size_t keys_per_aggregate, Content content) {
    std::mt19937 random(1);
    const size_t records = kBatchBytes / record_size;
    const size_t records_per_aggregate = 51200 / record_size;
    data.reserve(kBatchBytes);
    while (data.size() < kBatchBytes) {
      AppendRecord(record_size, content, &random);
    }
    keys.reserve(records);
    for (size_t row = 0; row < records; ++row) {
      const size_t place = row % records_per_aggregate;
      if (place == 0) StartAggregate();
      if (place < keys_per_aggregate) {
        keys.push_back("device-" + std::to_string(random() % 1000000000));
        batch.user_records.partition_keys.Append(AsBytes(keys.back()));
      }
      const size_t table = batch.user_records.partition_keys.size();
      const size_t used = std::min(place + 1, keys_per_aggregate);
      AppendRow(row * record_size, record_size,
                static_cast<uint32_t>(table - used + place % used));
    }
  }

  void AppendRecord(size_t size, Content content, std::mt19937* random) {
    if (content == Content::kBinary) {
      for (size_t i = 0; i < size; ++i) {
        data.push_back(static_cast<uint8_t>((*random)()));
      }
      return;
    }
    std::string record = R"({"id":)" + std::to_string((*random)());
    while (record.size() + 30 < size) {
      record += R"(,"field":"value )" + std::to_string((*random)()) + '"';
    }
    record.resize(size - 1, ' ');
    record += '}';
    data.insert(data.end(), record.begin(), record.end());
  }

  void StartAggregate() {
    batch.kinesis_records.Append(
        {.offset = 0,
         .length = 0,
         .bytes = {},
         .first_user_record = batch.user_records.size(),
         .user_record_count = 0,
         .source = 0,
         .verdict = Verdict::kAggregated});
  }

  void AppendRow(size_t offset, size_t size, uint32_t key) {
    batch.user_records.data.Append(data.data() + offset);
    batch.user_records.data_size.Append(static_cast<uint32_t>(size));
    batch.user_records.partition_key.Append(key);
    batch.user_records.explicit_hash_key.Append(kNoKey);
    ++batch.kinesis_records.back().user_record_count;
  }

  std::vector<uint8_t> data;
  std::vector<std::string> keys;
  Batch batch;
};

void BM_Encode(benchmark::State& state, OutputFormat format,
               DataEncoding encoding, Content content) {
  const auto record_size = static_cast<size_t>(state.range(0));
  // Small records share keys, medium ones have their own.
  const Sample sample(record_size, record_size < 1000 ? 100 : 1000, content);
  const auto sink = OpenSink("/dev/null", format, {.data_encoding = encoding});
  const std::unique_ptr<Chunk> chunk = (*sink)->NewChunk();
  for (auto _ : state) {
    chunk->Clear();
    (*sink)->Encode(sample.batch, chunk.get());
    benchmark::DoNotOptimize(*chunk);
    benchmark::ClobberMemory();
  }
  const auto rows = static_cast<int64_t>(sample.batch.user_records.size());
  state.SetBytesProcessed(state.iterations() * rows * state.range(0));
  state.SetItemsProcessed(state.iterations() * rows);
}

#define THRESH_BENCH_SINK(name, ...)              \
  BENCHMARK_CAPTURE(BM_Encode, name, __VA_ARGS__) \
      ->ArgName("record_size")                    \
      ->Arg(100)                                  \
      ->Arg(1024)

THRESH_BENCH_SINK(ndjson_base64, OutputFormat::kNdjson, DataEncoding::kBase64,
                  Content::kBinary);
THRESH_BENCH_SINK(ndjson_text, OutputFormat::kNdjson, DataEncoding::kText,
                  Content::kJson);
THRESH_BENCH_SINK(ndjson_json, OutputFormat::kNdjson, DataEncoding::kJson,
                  Content::kJson);
THRESH_BENCH_SINK(lines, OutputFormat::kLines, DataEncoding::kBase64,
                  Content::kBinary);
THRESH_BENCH_SINK(delimited, OutputFormat::kDelimited, DataEncoding::kBase64,
                  Content::kBinary);

}  // namespace
}  // namespace thresh
