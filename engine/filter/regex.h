// A regular expression, by RE2, whose time is linear in the text for any
// expression. regex_missing.cc takes the place of regex.cc in a build without
// that library.
#ifndef THRESH_FILTER_REGEX_H_
#define THRESH_FILTER_REGEX_H_

#include <memory>
#include <string>
#include <string_view>

#include "thresh/result.h"

namespace re2 {
class RE2;
}

namespace thresh {

class Regex {
 public:
  // Fails if `expression` is not valid in the syntax of RE2.
  static Result<Regex> Compile(const std::string& expression);

  // Whether all of `text` matches. Thread-safe.
  [[nodiscard]] bool Matches(std::string_view text) const;

 private:
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace thresh

#endif  // THRESH_FILTER_REGEX_H_
