// The cost of base64 on each target that this processor supports, and with the
// plain code, in cache: BM/<encode or decode>/<target>/<size>, in bytes of data
// per second in either direction. Compare figures of one run only.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/base64.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

std::vector<uint8_t> RandomBytes(size_t size) {
  std::mt19937 random(1);
  std::vector<uint8_t> bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

void RunEncode(benchmark::State& state, const std::string& target) {
  ForceSimdTarget(target);
  const std::vector<uint8_t> data =
      RandomBytes(static_cast<size_t>(state.range(0)));
  std::vector<uint8_t> text(Base64EncodedSize(data.size()));
  for (auto _ : state) {
    Base64Encode(data, text.data());
    benchmark::DoNotOptimize(text.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void RunDecode(benchmark::State& state, const std::string& target) {
  ForceSimdTarget(target);
  std::vector<uint8_t> data = RandomBytes(static_cast<size_t>(state.range(0)));
  std::vector<uint8_t> text(Base64EncodedSize(data.size()));
  Base64Encode(data, text.data());
  data.resize(Base64DecodedBound(text.size()));
  for (auto _ : state) {
    benchmark::DoNotOptimize(Base64Decode(text, data.data()));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void Register(const std::string& name, const std::string& target,
              void (*run)(benchmark::State&, const std::string&)) {
  auto* const registered = benchmark::RegisterBenchmark(
      name.c_str(),
      [run, target](benchmark::State& state) { run(state, target); });
  for (const int64_t size : {20, 50, 100, 1024, 1 << 16}) registered->Arg(size);
}

bool RegisterAll() {
  for (const std::string& target : SimdTargets()) {
    Register("BM/encode/" + target, target, RunEncode);
    Register("BM/decode/" + target, target, RunDecode);
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = RegisterAll();

}  // namespace
}  // namespace thresh
