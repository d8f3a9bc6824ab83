// The speed of MD5 with OpenSSL, with the plain code and with the lanes on each
// target that this processor supports, on batches of several shapes. Compare
// figures of one run only: BM/<shape>/<hasher>.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <cstdint>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "digest/md5.h"
#include "digest/md5_lanes.h"
#include "simd/targets.h"
#include "thresh/bytes.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

struct Shape {
  std::string name;
  std::vector<size_t> sizes;  // bytes
  // Messages are stored one after the other, but those after the first
  // `distinct` are the same bytes again: so a batch can be large and its bytes
  // in cache.
  size_t distinct = SIZE_MAX;
};

std::vector<Shape> Shapes() {
  constexpr size_t kMiB = size_t{1} << 20;
  std::mt19937_64 random(1);
  std::uniform_int_distribution<size_t> small(10'000, 90'000);
  std::vector<size_t> ragged(500);
  for (size_t i = 0; i < ragged.size(); ++i) {
    ragged[i] = i % 10 == 7 ? 1'000'000 : small(random);
  }
  std::uniform_int_distribution<size_t> tiny(100, 2000);
  std::vector<size_t> tinies(500);
  for (size_t& size : tinies) size = tiny(random);
  return {{"hot_50KB", std::vector<size_t>(192, 50'000), 16},
          {"hot_3KB", std::vector<size_t>(1920, 3'000), 160},
          {"uniform_50KB", std::vector<size_t>(500, 50'000)},
          {"ragged", ragged},
          {"tiny", tinies},
          {"1x50KB", std::vector<size_t>(1, 50'000)},
          {"2x50KB", std::vector<size_t>(2, 50'000)},
          {"3x1MB", std::vector<size_t>(3, 1'000'000)},
          {"64x50KB", std::vector<size_t>(64, 50'000)},
          {"65x50KB", std::vector<size_t>(65, 50'000)},
          {"16x1MiB", std::vector<size_t>(16, kMiB)},
          {"32x1MiB", std::vector<size_t>(32, kMiB)},
          {"64x1MiB", std::vector<size_t>(64, kMiB)}};
}

using HashBatch =
    std::function<void(std::span<const Bytes>, std::span<Md5Digest>)>;

void HashWithOpenSsl(std::span<const Bytes> messages,
                     std::span<Md5Digest> digests) {
  for (size_t i = 0; i < messages.size(); ++i) {
    EVP_Digest(messages[i].data(), messages[i].size(), digests[i].data(),
               nullptr, EVP_md5(), nullptr);
  }
}

void RunBatch(benchmark::State& state, const Shape& shape,
              const HashBatch& hash) {
  // Like aggregated records: a magic before the message, a digest after it.
  constexpr size_t kMagicSize = 4;
  constexpr size_t kDigestSize = 16;
  std::vector<uint8_t> input(
      std::accumulate(shape.sizes.begin(), shape.sizes.end(),
                      shape.sizes.size() * (kMagicSize + kDigestSize)));
  for (size_t i = 0; i < input.size(); ++i) {
    input[i] = static_cast<uint8_t>(i * 7);
  }
  std::vector<Bytes> messages;
  size_t at = 0;
  size_t bytes = 0;
  for (size_t i = 0; i < shape.sizes.size(); ++i) {
    if (i % shape.distinct == 0) at = 0;
    messages.push_back(Bytes(input).subspan(at + kMagicSize, shape.sizes[i]));
    at += kMagicSize + shape.sizes[i] + kDigestSize;
    bytes += shape.sizes[i];
  }
  std::vector<Md5Digest> digests(messages.size());
  for (auto _ : state) {
    hash(messages, digests);
    benchmark::DoNotOptimize(digests.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
}

bool RegisterAll() {
  for (const Shape& shape : Shapes()) {
    const auto add = [&](const std::string& hasher, const HashBatch& hash) {
      benchmark::RegisterBenchmark(("BM/" + shape.name + "/" + hasher).c_str(),
                                   [shape, hash](benchmark::State& state) {
                                     RunBatch(state, shape, hash);
                                   });
    };
    add("openssl", HashWithOpenSsl);
    for (const std::string& target : SimdTargets()) {
      add(target, [target](std::span<const Bytes> messages,
                           std::span<Md5Digest> digests) {
        ForceSimdTarget(target);
        Md5Many(messages, digests);
      });
    }
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = RegisterAll();

}  // namespace
}  // namespace thresh
