// Sizes and keys drawn with nothing but + - * / and sqrt, which IEEE 754
// rounds alike everywhere; exp, log and pow are each library's own.
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

// Most keys that KeyDistribution::kZipf is made for: it needs a table of them.
inline constexpr uint64_t kMaxZipfKeys = 1'000'000;

// Draws numbers in [0, n), number i in proportion to 1 / (i + 1), in constant
// time: Walker's alias method, tables as Vose builds them.
class ZipfDistribution {
 public:
  // `n` is in [1, kMaxZipfKeys].
  explicit ZipfDistribution(uint64_t n);
  [[nodiscard]] uint64_t Draw(Random* random) const;

 private:
  struct Column {
    double own_share;  // of this column's draws that stay with its number
    uint32_t alias;    // the number that the others go to
  };
  std::vector<Column> columns_;
};

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_DISTRIBUTIONS_H_
