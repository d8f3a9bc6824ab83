// See key_matcher.h.
#include "filter/key_matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "filter/glob.h"
#include "filter/invalid.h"

namespace thresh {

KeyMatcher::KeyMatcher() = default;
KeyMatcher::KeyMatcher(KeyMatcher&&) noexcept = default;
KeyMatcher& KeyMatcher::operator=(KeyMatcher&&) noexcept = default;
KeyMatcher::~KeyMatcher() = default;

Result<KeyMatcher> KeyMatcher::Compile(const Filter& filter) {
  KeyMatcher matcher;
  matcher.keys_.insert(filter.partition_keys.begin(),
                       filter.partition_keys.end());
  const auto compile = [&matcher](const std::string& regex,
                                  const re2::RE2::Options& options) {
    matcher.patterns_.push_back(std::make_unique<re2::RE2>(regex, options));
    return matcher.patterns_.back()->ok();
  };
  re2::RE2::Options bytes(re2::RE2::Latin1);
  bytes.set_log_errors(false);
  bytes.set_dot_nl(true);
  for (const std::string& glob : filter.partition_key_globs) {
    Result<std::string> regex = RegexOfGlob(glob);
    if (!regex) return tl::unexpected(std::move(regex.error()));
    if (!compile(*regex, bytes)) {
      return InvalidFilter("the pattern '" + glob + "' is too large",
                           "split it into several");
    }
  }
  for (const std::string& regex : filter.partition_key_regexes) {
    if (!compile(regex, re2::RE2::Quiet)) {
      return InvalidFilter("'" + regex + "' is no regular expression: " +
                               matcher.patterns_.back()->error(),
                           "write it in the syntax of RE2");
    }
  }
  return matcher;
}

bool KeyMatcher::empty() const { return keys_.empty() && patterns_.empty(); }

bool KeyMatcher::Matches(std::string_view key) const {
  if (keys_.contains(key)) return true;
  const re2::StringPiece text(key.data(), key.size());
  return std::ranges::any_of(patterns_, [&text](const auto& pattern) {
    return re2::RE2::FullMatch(text, *pattern);
  });
}

}  // namespace thresh
