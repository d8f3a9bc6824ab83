// The steps are unrolled by template, one function for each, so that every
// table entry is an immediate and the four state words stay in registers.
#include "digest/md5.h"

#include <bit>
#include <cstring>
#include <utility>

#include "base/byte_order.h"
#include "digest/md5_block.h"

namespace thresh {
namespace md5 {
namespace {

// Keeps the compiler from regrouping a sum across this point.
inline uint32_t Settled(uint32_t sum) {
#if defined(__clang__)
  asm("" : "+r"(sum));
#endif
  return sum;
}

// `b` is the result of the previous step. The sums are ordered so that all
// terms without it are ready when it arrives.
template <size_t kStep>
inline uint32_t Mixed(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  if constexpr (kStep < 16) return a + (d ^ (b & (c ^ d)));
  // The two halves share no bit: a sum equals an or, and is shorter.
  if constexpr (kStep >= 16 && kStep < 32)
    return Settled(a + (c & ~d)) + (b & d);
  if constexpr (kStep >= 32 && kStep < 48) return a + (b ^ (c ^ d));
  if constexpr (kStep >= 48) return a + (c ^ (b | ~d));
}

template <size_t kStep>
inline void Step(const uint8_t* block, State& state) {
  // The words rotate by one each step: a, b, c, d -> d, a, b, c.
  uint32_t& a = state[(kSteps - kStep) % 4];
  const uint32_t b = state[(kSteps - kStep + 1) % 4];
  const uint32_t c = state[(kSteps - kStep + 2) % 4];
  const uint32_t d = state[(kSteps - kStep + 3) % 4];
  const auto word = LoadLe<uint32_t>(block + 4 * WordOf(kStep));
  a = b + std::rotl(Mixed<kStep>(Settled(a + word + kSines[kStep]), b, c, d),
                    ShiftOf(kStep));
}

template <size_t... kStep>
inline void AllSteps(const uint8_t* block, State& state,
                     std::index_sequence<kStep...> /*steps*/) {
  (Step<kStep>(block, state), ...);
}

}  // namespace

void Fold(const uint8_t* blocks, size_t count, State& state) {
  State folded = state;
  for (; count > 0; --count, blocks += kBlockSize) {
    State next = folded;
    AllSteps(blocks, next, std::make_index_sequence<kSteps>());
    for (size_t i = 0; i < folded.size(); ++i) folded[i] += next[i];
  }
  state = folded;
}

size_t WriteTail(Bytes message, uint8_t* tail) {
  const size_t rest = message.size() % kBlockSize;
  const size_t blocks = rest < kBlockSize - 8 ? 1 : 2;
  std::memset(tail, 0, blocks * kBlockSize);
  if (rest > 0) {
    std::memcpy(tail, message.data() + message.size() - rest, rest);
  }
  tail[rest] = 0x80;
  StoreLe(uint64_t{message.size()} * 8, tail + blocks * kBlockSize - 8);
  return blocks;
}

Md5Digest ToDigest(const State& state) {
  Md5Digest digest;
  for (size_t i = 0; i < state.size(); ++i) {
    StoreLe(state[i], digest.data() + 4 * i);
  }
  return digest;
}

}  // namespace md5

Md5Digest Md5(Bytes message) {
  return Md5Prefixes(message).DigestOf(message.size());
}

Md5Digest Md5Prefixes::DigestOf(size_t size) {
  if (size - hashed_ >= md5::kBlockSize) {
    const size_t blocks = (size - hashed_) / md5::kBlockSize;
    md5::Fold(message_.data() + hashed_, blocks, state_);
    hashed_ += blocks * md5::kBlockSize;
  }
  std::array<uint8_t, 2 * md5::kBlockSize> tail;
  md5::State state = state_;
  md5::Fold(tail.data(), md5::WriteTail(message_.first(size), tail.data()),
            state);
  return md5::ToDigest(state);
}

}  // namespace thresh
