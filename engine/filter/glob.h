// Shell patterns, as fnmatch(3) has them, for keys that are bytes and may hold
// any. fnmatch itself takes text that ends in a NUL, and in some locales only
// text that is UTF-8.
#ifndef THRESH_FILTER_GLOB_H_
#define THRESH_FILTER_GLOB_H_

#include <string>
#include <string_view>

#include "thresh/result.h"

namespace thresh {

// The regular expression for RE2, one byte a character (Latin-1), "." also for
// line feeds, that matches what `glob` does with no flags in the C locale:
// "*", "?", "[...]" with ranges, classes such as [:digit:] and "!" or "^" in
// front for the opposite, and a backslash before what stands for itself. Fails
// where fnmatch would silently match nothing.
Result<std::string> RegexOfGlob(std::string_view glob);

}  // namespace thresh

#endif  // THRESH_FILTER_GLOB_H_
