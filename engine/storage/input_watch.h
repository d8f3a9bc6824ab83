// Detects that an input was written to while a run read it. The data read may
// then be a mixture that the file never contained.
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
  // Records the state of those of `files` that are regular files and not empty,
  // and the versions of those that are stored elsewhere.
  explicit InputWatch(const std::vector<std::string>& files);

  // Appends a kIo error for each file that was written to since, according to
  // its modification time, and for which `errors` has none yet. Not for a file
  // that has only grown, as the appended bytes were not read; nor for one whose
  // name another file has taken.
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
