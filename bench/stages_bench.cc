// Each stage of the whole job by itself, on windows as the pipeline makes them:
// its cost when its input is in memory (the walk, which comes first) or in the
// cache, where the previous stage left it (the others). The sum is the cost of
// the job if the stages did not interfere with each other.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "container/container.h"
#include "digest/md5_lanes.h"
#include "generator/generator.h"
#include "record/aggregated_record_reader.h"
#include "record/envelope.h"
#include "thresh/content_checksum.h"

namespace {

using thresh::Bytes;

constexpr uint64_t kArchiveBytes = uint64_t{256} << 20;
constexpr uint64_t kRecordsOfAWindow = 32;

struct Dataset {
  const char* name;
  uint64_t record_size;
  uint64_t keys;  // 0: each record its own
  uint64_t blob_size;
};
constexpr Dataset kDatasets[] = {
    {"small", 100, 1000, 50 << 10},
    {"medium", 1000, 0, 1 << 20},
    {"tiny", 20, 1000, 1 << 20},
};

// An archive in memory and the windows into which the pipeline would divide it.
struct Input {
  std::string archive;
  std::vector<Bytes> windows;
  uint64_t user_records = 0;
};

Input MakeInput(const Dataset& dataset) {
  thresh::generator::GeneratorOptions options;
  options.record_size = {dataset.record_size, dataset.record_size};
  options.keys = dataset.keys;
  options.blob_size = dataset.blob_size;
  options.records = kArchiveBytes / (dataset.record_size + 14);
  Input input;
  const auto report = thresh::generator::Generate(
      options, [&input](Bytes bytes) -> thresh::Result<void> {
        input.archive += thresh::AsText(bytes);
        return {};
      });
  if (!report) std::abort();
  input.user_records = report->user_records;
  const size_t target = std::clamp<size_t>(
      kRecordsOfAWindow * dataset.blob_size, 1 << 20, 16 << 20);
  Bytes rest = thresh::AsBytes(input.archive);
  const auto& container = thresh::ContainerOf(thresh::ContainerKind::kBlobs);
  while (!rest.empty()) {
    const Bytes head = rest.first(std::min(target, rest.size()));
    const size_t size = container.cut(head, head.size() == rest.size());
    input.windows.push_back(head.first(size));
    rest = rest.subspan(size);
  }
  return input;
}

// The data passed between stages, reused from window to window.
struct Work {
  thresh::Frames frames;
  std::vector<Bytes> messages;
  std::vector<thresh::Md5Digest> digests;
  thresh::UserRecordColumns columns;
  thresh::Batch batch;

  void Walk(Bytes window) {
    frames.Clear();
    thresh::Segment segment;
    segment.bytes = window;
    thresh::ContainerOf(thresh::ContainerKind::kBlobs).frame(segment, &frames);
    messages.clear();
    for (const thresh::Frame& frame : frames.list) {
      messages.push_back(thresh::MessageOf(frame.record));
    }
  }
  void Digest() {
    digests.resize(messages.size());
    thresh::Md5Many(messages, digests);
  }
  void Read() {
    batch.Clear();
    for (const Bytes message : messages) {
      thresh::ReadAggregatedRecord(message, &batch.user_records);
    }
  }
  void Sum() {
    thresh::ContentChecksum sum;
    sum.Add(batch);
    benchmark::DoNotOptimize(sum);
  }
};

enum Stage { kWalk, kDigest, kRead, kSum };
constexpr const char* kStageNames[] = {"walk", "md5", "read",
                                       "content_checksum"};

// Runs all stages, each with the caches as the previous one leaves them, and
// measures one.
void RunStage(benchmark::State& state, const Input& input, Stage timed) {
  Work work;
  for (auto _ : state) {
    double seconds = 0;
    for (const Bytes window : input.windows) {
      for (const Stage stage : {kWalk, kDigest, kRead, kSum}) {
        const auto start = std::chrono::steady_clock::now();
        if (stage == kWalk) work.Walk(window);
        if (stage == kDigest) work.Digest();
        if (stage == kRead) work.Read();
        if (stage == kSum) work.Sum();
        const std::chrono::duration<double> took =
            std::chrono::steady_clock::now() - start;
        if (stage == timed) seconds += took.count();
      }
    }
    state.SetIterationTime(seconds);
  }
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetBytesProcessed(rounds * static_cast<int64_t>(input.archive.size()));
  state.SetItemsProcessed(rounds * static_cast<int64_t>(input.user_records));
}

const bool kRegistered = [] {
  for (const Dataset& dataset : kDatasets) {
    for (const Stage stage : {kWalk, kDigest, kRead, kSum}) {
      const auto run = [&dataset, stage](benchmark::State& state) {
        static const Dataset* made = nullptr;
        static Input input;
        if (made != &dataset) input = MakeInput(dataset);
        made = &dataset;
        RunStage(state, input, stage);
      };
      benchmark::RegisterBenchmark(
          (std::string(dataset.name) + "/" + kStageNames[stage]).c_str(), run)
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
