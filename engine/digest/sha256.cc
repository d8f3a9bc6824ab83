// See sha256.h. Rounds are in groups of eight, after which each word of the
// state is back in its variable.
#include "digest/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/byte_order.h"
#include "digest/sha256_block.h"

namespace thresh {
namespace sha256 {
namespace {

inline void Round(uint32_t addend, uint32_t a, uint32_t b, uint32_t c,
                  uint32_t& d, uint32_t e, uint32_t f, uint32_t g,
                  uint32_t& h) {
  h += addend + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
       (g ^ (e & (f ^ g)));
  d += h;
  h += (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) +
       ((a & b) | (c & (a | b)));
}

void FoldBlock(const uint8_t* block, State& state) {
  std::array<uint32_t, kRounds> words;
  for (size_t i = 0; i < kBlockWords; ++i) {
    words[i] = LoadBe<uint32_t>(block + 4 * i);
  }
  for (size_t i = kBlockWords; i < kRounds; ++i) {
    const uint32_t before = words[i - 15];
    const uint32_t last = words[i - 2];
    words[i] = words[i - 16] + words[i - 7] +
               (std::rotr(before, 7) ^ std::rotr(before, 18) ^ (before >> 3)) +
               (std::rotr(last, 17) ^ std::rotr(last, 19) ^ (last >> 10));
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (size_t i = 0; i < kRounds; i += 8) {
    const auto addend = [&words, i](size_t round) {
      return words[i + round] + kRoundConstants[i + round];
    };
    Round(addend(0), a, b, c, d, e, f, g, h);
    Round(addend(1), h, a, b, c, d, e, f, g);
    Round(addend(2), g, h, a, b, c, d, e, f);
    Round(addend(3), f, g, h, a, b, c, d, e);
    Round(addend(4), e, f, g, h, a, b, c, d);
    Round(addend(5), d, e, f, g, h, a, b, c);
    Round(addend(6), c, d, e, f, g, h, a, b);
    Round(addend(7), b, c, d, e, f, g, h, a);
  }
  const State made = {a, b, c, d, e, f, g, h};
  for (size_t i = 0; i < kStateWords; ++i) state[i] += made[i];
}

}  // namespace

void Fold(const uint8_t* blocks, size_t count, State& state) {
  for (; count > 0; --count, blocks += kBlockSize) FoldBlock(blocks, state);
}

void Pad(uint64_t size, size_t rest, uint8_t* block) {
  const auto end = static_cast<size_t>(BlockCount(rest)) * kBlockSize;
  std::fill(block + rest, block + end, uint8_t{0});
  block[rest] = 0x80;
  StoreBe(size * 8, block + end - 8);
}

Sha256Digest ToDigest(const State& state) {
  Sha256Digest digest;
  for (size_t i = 0; i < kStateWords; ++i) {
    StoreBe(state[i], digest.data() + 4 * i);
  }
  return digest;
}

}  // namespace sha256

Sha256Digest Sha256(Bytes message) {
  sha256::State state = sha256::kInitialState;
  const size_t whole = message.size() / sha256::kBlockSize;
  sha256::Fold(message.data(), whole, state);
  std::array<uint8_t, 2 * sha256::kBlockSize> tail;
  const Bytes rest = message.subspan(whole * sha256::kBlockSize);
  std::ranges::copy(rest, tail.begin());
  sha256::Pad(message.size(), rest.size(), tail.data());
  sha256::Fold(tail.data(), sha256::BlockCount(rest.size()), state);
  return sha256::ToDigest(state);
}

}  // namespace thresh
