// The names that are never read are those of files that programs add to data:
// macOS when it copies or zips, Hadoop and Spark when they write.
#include "storage/name_filter.h"

#include <fnmatch.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace thresh {
namespace {

std::string_view LastPart(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

bool HoldsNoRecords(std::string_view path) {
  const std::string_view name = LastPart(path);
  return path.starts_with("__MACOSX/") ||
         path.find("/__MACOSX/") != std::string_view::npos ||
         name.starts_with("._") || name.ends_with(".crc") ||
         name == ".DS_Store" || name == "_SUCCESS";
}

bool MatchesAny(const std::vector<std::string>& globs,
                const std::string& path) {
  const std::string name(LastPart(path));
  return std::ranges::any_of(globs, [&](const std::string& glob) {
    return fnmatch(glob.c_str(), path.c_str(), 0) == 0 ||
           fnmatch(glob.c_str(), name.c_str(), 0) == 0;
  });
}

}  // namespace

NameFilter::NameFilter(std::vector<std::string> include,
                       std::vector<std::string> exclude)
    : include_(std::move(include)), exclude_(std::move(exclude)) {}

bool NameFilter::Passes(const std::string& path, LeftOut* left_out) const {
  if (HoldsNoRecords(path)) {
    ++left_out->not_data;
    return false;
  }
  if ((!include_.empty() && !MatchesAny(include_, path)) ||
      MatchesAny(exclude_, path)) {
    ++left_out->excluded;
    return false;
  }
  return true;
}

}  // namespace thresh
