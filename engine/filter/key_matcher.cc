// See key_matcher.h.
#include "filter/key_matcher.h"

#include <algorithm>
#include <utility>

namespace thresh {

Result<KeyMatcher> KeyMatcher::Compile(const Filter& filter) {
  KeyMatcher matcher;
  matcher.keys_.insert(filter.partition_keys.begin(),
                       filter.partition_keys.end());
  matcher.files_ = filter.partition_key_files;
  for (const std::string& pattern : filter.partition_key_globs) {
    Result<Glob> glob = Glob::Compile(pattern);
    if (!glob) return tl::unexpected(std::move(glob.error()));
    matcher.globs_.push_back(*std::move(glob));
  }
  for (const std::string& regex : filter.partition_key_regexes) {
    Result<Regex> compiled = Regex::Compile(regex);
    if (!compiled) return tl::unexpected(std::move(compiled.error()));
    matcher.regexes_.push_back(*std::move(compiled));
  }
  return matcher;
}

bool KeyMatcher::empty() const {
  return keys_.empty() && files_.empty() && globs_.empty() && regexes_.empty();
}

bool KeyMatcher::Matches(std::string_view key) const {
  if (keys_.contains(key)) return true;
  return std::ranges::any_of(
             files_, [key](const auto& file) { return file->Contains(key); }) ||
         std::ranges::any_of(
             globs_, [key](const Glob& glob) { return glob.Matches(key); }) ||
         std::ranges::any_of(regexes_, [key](const Regex& regex) {
           return regex.Matches(key);
         });
}

}  // namespace thresh
