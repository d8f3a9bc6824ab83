// Notices that an input was written to while a run read it. What was read is
// then a mixture that the file never held.
#ifndef THRESH_STORAGE_INPUT_WATCH_H_
#define THRESH_STORAGE_INPUT_WATCH_H_

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "thresh/result.h"

namespace thresh {

class InputWatch {
 public:
  // Notes the state of those of `files` that are regular files and not empty,
  // and the versions of those that are stored elsewhere.
  explicit InputWatch(const std::vector<std::string>& files);

  // Appends a kIo error for each file that was written to since, as far as the
  // time of its last change tells, and of which `errors` has none yet. A file
  // that has only grown is not among them: what was appended was not read; nor
  // is one that another file has taken the name of.
  void Check(std::vector<Error>* errors) const;

 private:
  struct Watched {
    std::string file;
    struct stat before;
  };

  std::vector<Watched> watched_;
  std::vector<std::pair<std::string, std::string>> stored_;  // path, version
};

}  // namespace thresh

#endif  // THRESH_STORAGE_INPUT_WATCH_H_
