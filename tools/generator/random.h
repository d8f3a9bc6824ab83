// Random numbers that are the same on every platform: the standard library's
// distributions are not, and its engines are slower than filling the data.
#ifndef THRESH_TOOLS_GENERATOR_RANDOM_H_
#define THRESH_TOOLS_GENERATOR_RANDOM_H_

#include <cstdint>

namespace thresh::generator {

__extension__ using Uint128 = unsigned __int128;

// A bijection of 64-bit numbers that makes adjacent inputs look unrelated (the
// finalizer of SplitMix64): different inputs give different outputs.
constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// SplitMix64. Streams of one seed are independent, so that draws for one
// purpose do not shift the draws for another.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream)
      : state_(Mix(Mix(seed) + 0x632BE59BD9B4E019U * (stream + 1))) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    return Mix(state_);
  }

  // A number in [0, bound), with a bias below 2^-64 * bound; `bound` > 0.
  uint64_t Below(uint64_t bound) {
    return static_cast<uint64_t>((Uint128{Next()} * bound) >> 64);
  }

  // True with the given probability, in [0, 1].
  bool Chance(double probability) {
    constexpr double kTwoTo53 = 9007199254740992.0;
    return static_cast<double>(Next() >> 11) < probability * kTwoTo53;
  }

 private:
  uint64_t state_;
};

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_RANDOM_H_
