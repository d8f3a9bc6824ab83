// See input_watch.h.
#include "storage/input_watch.h"

#include <algorithm>

#include "base/errors.h"

namespace thresh {
namespace {

bool WasWrittenTo(const struct stat& before, const struct stat& now) {
  return before.st_dev == now.st_dev && before.st_ino == now.st_ino &&
         now.st_size <= before.st_size &&
         (before.st_mtim.tv_sec != now.st_mtim.tv_sec ||
          before.st_mtim.tv_nsec != now.st_mtim.tv_nsec);
}

}  // namespace

InputWatch::InputWatch(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    struct stat status;
    // Splits of a file follow each other.
    if (!watched_.empty() && watched_.back().file == file) continue;
    if (file != "-" && ::stat(file.c_str(), &status) == 0 &&
        S_ISREG(status.st_mode) && status.st_size > 0) {
      watched_.push_back({file, status});
    }
  }
}

void InputWatch::Check(std::vector<Error>* errors) const {
  for (const Watched& watched : watched_) {
    struct stat now;
    if (::stat(watched.file.c_str(), &now) != 0 ||
        !WasWrittenTo(watched.before, now) ||
        std::ranges::any_of(*errors, [&watched](const Error& error) {
          return error.code == ErrorCode::kIo && error.file == watched.file;
        })) {
      continue;
    }
    errors->push_back(
        IoError(watched.file, "was written to while it was read",
                "let no other program write to it, and run again"));
  }
}

}  // namespace thresh
