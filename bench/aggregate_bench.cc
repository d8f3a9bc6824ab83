// The Aggregator against the same blobs built with protobuf's C++ codec and
// OpenSSL's MD5, one thread each: with the message reused, and on an arena.
// Protobuf's side is given the blob boundaries in advance, so it does not
// measure sizes; the records are in memory for both. Before the measurement,
// all must have written the same bytes. Run with
//   --benchmark_enable_random_interleaving=true --benchmark_repetitions=9
// and compare medians of one run only.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "protobuf_packer.h"
#include "thresh/aggregator.h"

namespace {

using thresh::Bytes;
using thresh::NewUserRecord;
using thresh::bench::ProtobufPacker;

struct Workload {
  uint64_t blob_bytes;
  size_t keys;           // 0: a new key for every record
  size_t data_size;      // 0: log-normal, from 20 bytes to 20 kB
  double with_hash_key;  // share of records
  size_t total_bytes;
};

// Records in input order, as views into one buffer.
struct Records {
  std::vector<uint8_t> memory;
  std::vector<std::string> keys;
  std::vector<std::string> hash_keys;
  std::vector<NewUserRecord> all;
  std::vector<size_t> per_blob;  // records of each blob
  size_t blob_bytes = 0;         // of all blobs
};

using Take = std::function<void(Bytes)>;

// Keeps its memory between runs, like ProtobufPacker.
class Packer {
 public:
  explicit Packer(const Workload& workload)
      : aggregator_(
            thresh::Aggregator::Create({.max_blob_bytes = workload.blob_bytes})
                .value()) {}

  size_t Pack(const Records& records, const Take& take) {
    size_t blobs = 0;
    const auto drain = [&] {
      for (const thresh::AggregatedBlob& blob : done_.Seal()) take(blob.bytes);
      blobs += done_.size();
      done_.Clear();
    };
    for (std::span<const NewUserRecord> rest(records.all); !rest.empty();) {
      const auto added = aggregator_.AddMany(rest, &done_);
      if (!added) return 0;
      rest = rest.subspan(*added);
      if (done_.full()) drain();
    }
    aggregator_.Flush(&done_);
    drain();
    return blobs;
  }

 private:
  thresh::Aggregator aggregator_;
  thresh::BlobBatch done_;
};

size_t PackByPeer(const Records& records, bool arena, ProtobufPacker* peer,
                  const Take& take) {
  std::span<const NewUserRecord> rest(records.all);
  for (const size_t count : records.per_blob) {
    peer->Pack(rest.first(count), arena, take);
    rest = rest.subspan(count);
  }
  return records.per_blob.size();
}

size_t DrawSize(const Workload& workload, std::mt19937_64& random) {
  if (workload.data_size != 0) return workload.data_size;
  std::lognormal_distribution<double> sizes(std::log(400.0), 1.2);
  return static_cast<size_t>(std::clamp(sizes(random), 20.0, 20000.0));
}

Records MakeRecords(const Workload& workload) {
  std::mt19937_64 random(20240607);
  Records records;
  records.memory.resize(workload.total_bytes);
  for (uint8_t& byte : records.memory) byte = static_cast<uint8_t>(random());
  std::vector<size_t> sizes;
  for (size_t left = workload.total_bytes;;) {
    const size_t size = DrawSize(workload, random);
    if (size > left) break;
    sizes.push_back(size);
    left -= size;
  }
  const size_t keys = workload.keys == 0 ? sizes.size() : workload.keys;
  for (size_t i = 0; i < keys; ++i) {
    records.keys.push_back("partition-key-" + std::to_string(i));
    records.hash_keys.push_back(std::to_string(i * 1000003));
  }
  Bytes rest(records.memory);
  for (size_t i = 0; i < sizes.size(); ++i) {
    const size_t key = workload.keys == 0 ? i : random() % keys;
    NewUserRecord record = {records.keys[key], rest.first(sizes[i])};
    if (std::uniform_real_distribution<double>(0, 1)(random) <
        workload.with_hash_key) {
      record.explicit_hash_key = records.hash_keys[key];
    }
    records.all.push_back(record);
    rest = rest.subspan(sizes[i]);
  }
  return records;
}

// Determines the blob boundaries, and checks that all write the same bytes.
// Empty if they do not.
Records Prepare(const Workload& workload) {
  Records records = MakeRecords(workload);
  std::string expected;
  auto aggregator =
      thresh::Aggregator::Create({.max_blob_bytes = workload.blob_bytes});
  thresh::BlobBatch done;
  for (size_t i = 0, first = 0; i <= records.all.size(); ++i) {
    const bool end = i == records.all.size();
    if (end ? aggregator->Flush(&done)
            : aggregator->Add(records.all[i], &done).value()) {
      records.per_blob.push_back(i - first);
      first = i;
    }
  }
  done.Clear();
  Packer(workload).Pack(records,
                        [&](Bytes blob) { expected += thresh::AsText(blob); });
  records.blob_bytes = expected.size();
  ProtobufPacker peer;
  for (const bool arena : {false, true}) {
    std::string written;
    PackByPeer(records, arena, &peer,
               [&](Bytes blob) { written += thresh::AsText(blob); });
    if (written != expected) return {};
  }
  return records;
}

using PackAll = std::function<size_t(const Records&, const Take&)>;

void Run(benchmark::State& state, const Workload& workload,
         const PackAll& pack) {
  const Records records = Prepare(workload);
  if (records.all.empty()) {
    state.SkipWithError("the two do not write the same bytes");
    return;
  }
  for (auto _ : state) {
    const size_t blobs = pack(
        records, [](Bytes blob) { benchmark::DoNotOptimize(blob.back()); });
    if (blobs != records.per_blob.size()) state.SkipWithError("blobs are lost");
  }
  const auto times = static_cast<int64_t>(state.iterations());
  state.SetBytesProcessed(times * static_cast<int64_t>(records.blob_bytes));
  state.SetItemsProcessed(times * static_cast<int64_t>(records.all.size()));
}

void Thresh(benchmark::State& state, const Workload& workload) {
  Packer packer(workload);
  Run(state, workload, [&](const Records& records, const Take& take) {
    return packer.Pack(records, take);
  });
}

void Protobuf(benchmark::State& state, const Workload& workload, bool arena) {
  ProtobufPacker peer;
  Run(state, workload, [&](const Records& records, const Take& take) {
    return PackByPeer(records, arena, &peer, take);
  });
}

void ProtobufReused(benchmark::State& state, const Workload& workload) {
  Protobuf(state, workload, false);
}

void ProtobufArena(benchmark::State& state, const Workload& workload) {
  Protobuf(state, workload, true);
}

constexpr size_t kKiB = 1024;
constexpr size_t kMiB = 1024 * kKiB;

constexpr Workload kSmall = {50 * kKiB, 1000, 100, 0, 32 * kMiB};
constexpr Workload kSmallHot = {50 * kKiB, 1000, 100, 0, 2 * kMiB};
constexpr Workload kMedium = {kMiB, 0, 1024, 0, 64 * kMiB};
constexpr Workload kTiny = {kMiB, 1000, 20, 0, 16 * kMiB};
constexpr Workload kVaried = {kMiB, 5000, 0, 0.1, 64 * kMiB};

#define THRESH_BENCHMARK(name, workload)             \
  BENCHMARK_CAPTURE(ProtobufReused, name, workload); \
  BENCHMARK_CAPTURE(ProtobufArena, name, workload);  \
  BENCHMARK_CAPTURE(Thresh, name, workload)

THRESH_BENCHMARK(small, kSmall);
THRESH_BENCHMARK(small_hot, kSmallHot);
THRESH_BENCHMARK(medium, kMedium);
THRESH_BENCHMARK(tiny, kTiny);
THRESH_BENCHMARK(varied, kVaried);

}  // namespace
