// Which files of a directory, and which members of an archive, are read.
#ifndef THRESH_STORAGE_NAME_FILTER_H_
#define THRESH_STORAGE_NAME_FILTER_H_

#include <string>
#include <vector>

#include "thresh/input_list.h"

namespace thresh {

class NameFilter {
 public:
  // Globs as in fnmatch(3), where "*" matches "/" too. A name has to match one
  // of `include`, if there is any, and none of `exclude`; each is matched
  // against the path within the directory or archive and its last component.
  NameFilter(std::vector<std::string> include,
             std::vector<std::string> exclude);
  NameFilter() = default;

  // Whether to read `path`, relative to the directory or archive; counts it if
  // not.
  bool Passes(const std::string& path, LeftOut* left_out) const;

 private:
  std::vector<std::string> include_;
  std::vector<std::string> exclude_;
};

}  // namespace thresh

#endif  // THRESH_STORAGE_NAME_FILTER_H_
