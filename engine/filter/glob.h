// Shell patterns, as in fnmatch(3), for keys of arbitrary bytes. fnmatch itself
// takes text that ends in a NUL, and in some locales only UTF-8.
#ifndef THRESH_FILTER_GLOB_H_
#define THRESH_FILTER_GLOB_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "filter/glob_piece.h"
#include "thresh/result.h"

namespace thresh {

// Matches like fnmatch with no flags in the C locale: "*", "?", "[...]" with
// ranges, classes such as [:digit:] and a leading "!" or "^" for the
// complement, and a backslash before a literal byte. A key is read once,
// whatever it contains, in the time that GlobPiece states.
class Glob {
 public:
  // Fails for patterns with which fnmatch would silently match nothing.
  static Result<Glob> Compile(std::string_view pattern);

  // Whether all of `key` matches. Thread-safe.
  [[nodiscard]] bool Matches(std::string_view key) const;

 private:
  std::vector<GlobPiece> pieces_;  // one more than there are "*"
  size_t least_ = 0;               // bytes that all of them match
};

}  // namespace thresh

#endif  // THRESH_FILTER_GLOB_H_
