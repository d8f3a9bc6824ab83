// The whole job on a file in the page cache: Thresh with one and two jobs, and
// the program that users would otherwise write, with protobuf and OpenSSL on
// one thread. Run with --benchmark_enable_random_interleaving=true and several
// repetitions, so that both sides run under the same conditions.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "aggregated_record.pb.h"
#include "generator/generator.h"
#include "record/envelope.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace {

constexpr uint64_t kArchiveBytes = uint64_t{256} << 20;

struct Dataset {
  const char* name;
  thresh::generator::GeneratorOptions options;
};

std::vector<Dataset> Datasets() {
  thresh::generator::GeneratorOptions small;
  thresh::generator::GeneratorOptions medium;
  medium.record_size = {1000, 1000};
  medium.keys = 0;
  medium.blob_size = 1 << 20;
  thresh::generator::GeneratorOptions tiny;
  tiny.record_size = {20, 20};
  tiny.blob_size = 1 << 20;
  thresh::generator::GeneratorOptions varied;
  varied.record_size = {20, 20000};
  varied.key_distribution = thresh::generator::KeyDistribution::kZipf;
  varied.explicit_hash_keys = 0.25;
  varied.blob_size = 256 << 10;
  std::vector<Dataset> all = {
      {"small", small}, {"medium", medium}, {"tiny", tiny}, {"varied", varied}};
  for (Dataset& dataset : all) {
    const auto& sizes = dataset.options.record_size;
    const uint64_t typical = sizes.min == sizes.max ? sizes.max + 14 : 1000;
    dataset.options.records = kArchiveBytes / typical;
  }
  return all;
}

// An archive on disk, removed with the object.
class Archive {
 public:
  explicit Archive(const Dataset& dataset)
      : path_(std::filesystem::temp_directory_path() /
              ("thresh_bench_" + std::string(dataset.name) + ".blobs")) {
    std::ofstream out(path_, std::ios::binary);
    const auto report = thresh::generator::Generate(
        dataset.options, [&out](thresh::Bytes bytes) -> thresh::Result<void> {
          out.write(reinterpret_cast<const char*>(bytes.data()),
                    static_cast<std::streamsize>(bytes.size()));
          return {};
        });
    out.close();
    if (!report.has_value() || !out) std::abort();
    user_records_ = report->user_records;
    bytes_ = report->bytes;
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] uint64_t user_records() const { return user_records_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path path_;
  uint64_t user_records_ = 0;
  uint64_t bytes_ = 0;
};

void SetRates(benchmark::State& state, const Archive& archive) {
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetBytesProcessed(rounds * static_cast<int64_t>(archive.bytes()));
  state.SetItemsProcessed(rounds *
                          static_cast<int64_t>(archive.user_records()));
}

void Thresh(benchmark::State& state, const Archive& archive, unsigned jobs) {
  thresh::Options options;
  options.jobs = jobs;
  options.on_suspect = thresh::SuspectPolicy::kSkip;
  for (auto _ : state) {
    auto sink = thresh::OpenSink("-", thresh::OutputFormat::kNull);
    const auto report =
        thresh::Deaggregate({archive.path()}, options, sink->get());
    if (!report.has_value() ||
        report->summary.user_records != archive.user_records()) {
      state.SkipWithError("records are missing");
      return;
    }
  }
  SetRates(state, archive);
}

// The same with the pull interface.
void Pull(benchmark::State& state, const Archive& archive, unsigned jobs) {
  thresh::Options options;
  options.jobs = jobs;
  options.on_suspect = thresh::SuspectPolicy::kSkip;
  for (auto _ : state) {
    auto reader = thresh::BatchReader::Open({archive.path()}, options);
    uint64_t rows = 0;
    while (const auto batch = reader->Next().value_or(nullptr)) {
      rows += batch->user_records.size();
    }
    if (rows != archive.user_records()) {
      state.SkipWithError("records are missing");
      return;
    }
  }
  SetRates(state, archive);
}

bool DigestMatches(thresh::Bytes blob) {
  const thresh::Bytes message = thresh::MessageOf(blob);
  unsigned char digest[EVP_MAX_MD_SIZE];
  EVP_Digest(message.data(), message.size(), digest, nullptr, EVP_md5(),
             nullptr);
  return std::memcmp(digest, thresh::DigestOf(blob).data(),
                     thresh::kDigestSize) == 0;
}

// The peer has the file in memory and is given the positions of its blobs,
// which Thresh has to find.
void ProtobufOpenssl(benchmark::State& state, const Archive& archive) {
  std::ifstream in(archive.path(), std::ios::binary);
  std::vector<uint8_t> bytes(archive.bytes());
  in.read(reinterpret_cast<char*>(bytes.data()),
          static_cast<std::streamsize>(bytes.size()));
  std::vector<thresh::Bytes> blobs;
  for (size_t start = 0; start < bytes.size();) {
    const size_t end = thresh::FindMagic(bytes, start + 1);
    blobs.emplace_back(bytes.data() + start, end - start);
    start = end;
  }
  thresh::oracle::AggregatedRecord message;
  for (auto _ : state) {
    uint64_t records = 0;
    uint64_t touched = 0;
    for (const thresh::Bytes blob : blobs) {
      const thresh::Bytes body = thresh::MessageOf(blob);
      if (!DigestMatches(blob) ||
          !message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        state.SkipWithError("a blob is broken");
        return;
      }
      for (const auto& record : message.records()) {
        const int key = static_cast<int>(record.partition_key_index());
        touched += message.partition_key_table(key).size();
        touched += record.data().size();
        ++records;
      }
    }
    benchmark::DoNotOptimize(touched);
    if (records != archive.user_records()) {
      state.SkipWithError("records are missing");
      return;
    }
  }
  SetRates(state, archive);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::vector<Dataset> datasets = Datasets();
  std::vector<std::unique_ptr<Archive>> archives;
  for (const Dataset& dataset : datasets) {
    std::cerr << "making " << dataset.name << '\n';
    archives.push_back(std::make_unique<Archive>(dataset));
    const Archive* archive = archives.back().get();
    const std::string name = dataset.name;
    const auto add = [](const std::string& label, auto&& run) {
      benchmark::RegisterBenchmark(label.c_str(), run)
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    };
    add(name + "/protobuf_openssl", [archive](benchmark::State& state) {
      ProtobufOpenssl(state, *archive);
    });
    add(name + "/thresh/jobs:1",
        [archive](benchmark::State& state) { Thresh(state, *archive, 1); });
    add(name + "/thresh/jobs:2",
        [archive](benchmark::State& state) { Thresh(state, *archive, 2); });
    add(name + "/pull/jobs:1",
        [archive](benchmark::State& state) { Pull(state, *archive, 1); });
    add(name + "/pull/jobs:2",
        [archive](benchmark::State& state) { Pull(state, *archive, 2); });
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
