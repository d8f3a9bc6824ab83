// The speed of SHA-256 with OpenSSL, with the plain code and with the lanes on
// each target that this processor supports, on batches of several shapes; and
// the cost of the content digest for records of several sizes. Compare figures
// of one run only: SHA256/<shape>/<hasher>, ContentDigest/<record
// size>/<target>.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "digest/sha256_lanes.h"
#include "simd/targets.h"
#include "thresh/bytes.h"
#include "thresh/content_digest.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

constexpr size_t kHead = 40;  // bytes of each message, like a record's head

struct Shape {
  std::string name;
  std::vector<size_t> sizes;  // bytes
};

std::vector<Shape> Shapes() {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<size_t> ragged_size(100, 20'000);
  std::vector<size_t> ragged(500);
  for (size_t& size : ragged) size = ragged_size(random);
  return {{"512x100B", std::vector<size_t>(512, 100)},
          {"512x1KB", std::vector<size_t>(512, 1000)},
          {"64x50KB", std::vector<size_t>(64, 50'000)},
          {"ragged", ragged},
          {"1x50KB", std::vector<size_t>(1, 50'000)},
          {"4x50KB", std::vector<size_t>(4, 50'000)}};
}

using HashBatch = std::function<void(std::span<const Sha256Message>,
                                     std::span<sha256::State>)>;

void HashWithOpenSsl(std::span<const Sha256Message> messages,
                     std::span<sha256::State> digests) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  for (size_t i = 0; i < messages.size(); ++i) {
    EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
    EVP_DigestUpdate(context, messages[i].head.data(), messages[i].head.size());
    EVP_DigestUpdate(context, messages[i].body.data(), messages[i].body.size());
    EVP_DigestFinal_ex(context, reinterpret_cast<uint8_t*>(digests[i].data()),
                       nullptr);
  }
  EVP_MD_CTX_free(context);
}

void RunBatch(benchmark::State& state, const Shape& shape,
              const HashBatch& hash) {
  size_t bytes = 0;
  for (const size_t size : shape.sizes) bytes += size + kHead;
  const std::vector<uint8_t> input(bytes, 'x');
  std::vector<Sha256Message> messages;
  Bytes rest = input;
  for (const size_t size : shape.sizes) {
    messages.push_back({rest.first(kHead), rest.subspan(kHead, size)});
    rest = rest.subspan(kHead + size);
  }
  std::vector<sha256::State> digests(messages.size());
  for (auto _ : state) {
    hash(messages, digests);
    benchmark::DoNotOptimize(digests.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
}

void DigestRecords(benchmark::State& state, size_t size,
                   const std::string& target) {
  ForceSimdTarget(target);
  const std::vector<uint8_t> data(size, 'x');
  std::vector<UserRecord> records(512);
  for (UserRecord& record : records) record.data = data;
  ContentDigest digest;
  for (auto _ : state) digest.Add(records);
  benchmark::DoNotOptimize(digest);
  state.SetItemsProcessed(static_cast<int64_t>(records.size()) *
                          state.iterations());
}

bool RegisterAll() {
  for (const Shape& shape : Shapes()) {
    const auto add = [&](const std::string& hasher, const HashBatch& hash) {
      benchmark::RegisterBenchmark(
          ("SHA256/" + shape.name + "/" + hasher).c_str(),
          [shape, hash](benchmark::State& state) {
            RunBatch(state, shape, hash);
          });
    };
    add("openssl", HashWithOpenSsl);
    for (const std::string& target : SimdTargets()) {
      add(target, [target](std::span<const Sha256Message> messages,
                           std::span<sha256::State> digests) {
        ForceSimdTarget(target);
        Sha256Many(messages, digests);
      });
    }
  }
  for (const size_t size : {20U, 100U, 1000U, 50'000U}) {
    for (const std::string& target : SimdTargets()) {
      benchmark::RegisterBenchmark(
          ("ContentDigest/" + std::to_string(size) + "B/" + target).c_str(),
          [size, target](benchmark::State& state) {
            DigestRecords(state, size, target);
          });
    }
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = RegisterAll();

}  // namespace
}  // namespace thresh
