// Sizes and keys drawn using only + - * / and sqrt, which IEEE 754 rounds the
// same on every platform; exp, log and pow differ between libraries.
#ifndef THRESH_TOOLS_GENERATOR_DISTRIBUTIONS_H_
#define THRESH_TOOLS_GENERATOR_DISTRIBUTIONS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "generator/generator.h"
#include "generator/random.h"

namespace thresh::generator {

// Draws sizes in [min, max]: the logarithm of a size is the mean of four
// uniform numbers, close to normal and bounded.
class SizeDistribution {
 public:
  explicit SizeDistribution(SizeRange range);
  [[nodiscard]] uint64_t Draw(Random* random) const;

 private:
  static constexpr uint32_t kSteps = 1024;  // a power of two
  SizeRange range_;
  std::array<double, kSteps + 1> curve_{};  // min * (max / min)^(i / kSteps)
};

// The maximum number of keys for KeyDistribution::kZipf, which needs a table of
// them.
inline constexpr uint64_t kMaxZipfKeys = 1'000'000;

// Draws numbers in [0, n), number i with probability proportional to 1 / (i +
// 1), in constant time: Walker's alias method, with tables built by Vose's
// algorithm.
class ZipfDistribution {
 public:
  // `n` is in [1, kMaxZipfKeys].
  explicit ZipfDistribution(uint64_t n);
  [[nodiscard]] uint64_t Draw(Random* random) const;

 private:
  struct Column {
    double own_share;  // of this column's draws that yield its number
    uint32_t alias;    // the number for the other draws
  };
  std::vector<Column> columns_;
};

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_DISTRIBUTIONS_H_
