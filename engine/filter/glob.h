// Shell patterns, as fnmatch(3) has them, for keys that are bytes and may hold
// any. fnmatch itself takes text that ends in a NUL, and in some locales only
// text that is UTF-8.
#ifndef THRESH_FILTER_GLOB_H_
#define THRESH_FILTER_GLOB_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "filter/glob_piece.h"
#include "thresh/result.h"

namespace thresh {

// Matches what fnmatch does with no flags in the C locale: "*", "?", "[...]"
// with ranges, classes such as [:digit:] and "!" or "^" in front for the
// opposite, and a backslash before a literal byte. A key is read once,
// whatever it holds, in the time that GlobPiece states.
class Glob {
 public:
  // Fails where fnmatch would silently match nothing.
  static Result<Glob> Compile(std::string_view pattern);

  // Whether all of `key` matches. Thread-safe.
  [[nodiscard]] bool Matches(std::string_view key) const;

 private:
  std::vector<GlobPiece> pieces_;  // one more than there are "*"
  size_t least_ = 0;               // bytes that all of them match
};

}  // namespace thresh

#endif  // THRESH_FILTER_GLOB_H_
