// See key_matcher.h.
#include "filter/key_matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/errors.h"

namespace thresh {

KeyMatcher::KeyMatcher() = default;
KeyMatcher::KeyMatcher(KeyMatcher&&) noexcept = default;
KeyMatcher& KeyMatcher::operator=(KeyMatcher&&) noexcept = default;
KeyMatcher::~KeyMatcher() = default;

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
    auto compiled = std::make_unique<re2::RE2>(regex, re2::RE2::Quiet);
    if (!compiled->ok()) {
      return tl::unexpected(InvalidArgument(
          "'" + regex + "' is no regular expression: " + compiled->error(),
          "write it in the syntax of RE2"));
    }
    matcher.regexes_.push_back(std::move(compiled));
  }
  return matcher;
}

bool KeyMatcher::empty() const {
  return keys_.empty() && files_.empty() && globs_.empty() && regexes_.empty();
}

bool KeyMatcher::Matches(std::string_view key) const {
  if (keys_.contains(key)) return true;
  const re2::StringPiece text(key.data(), key.size());
  return std::ranges::any_of(
             files_, [key](const auto& file) { return file->Contains(key); }) ||
         std::ranges::any_of(
             globs_, [key](const Glob& glob) { return glob.Matches(key); }) ||
         std::ranges::any_of(regexes_, [&text](const auto& regex) {
           return re2::RE2::FullMatch(text, *regex);
         });
}

}  // namespace thresh
