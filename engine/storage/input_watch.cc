// See input_watch.h.
#include "storage/input_watch.h"

#include <algorithm>
#include <memory>

#include "base/errors.h"
#include "thresh/file_system.h"

namespace thresh {
namespace {

bool WasWrittenTo(const struct stat& before, const struct stat& now) {
  return before.st_dev == now.st_dev && before.st_ino == now.st_ino &&
         now.st_size <= before.st_size &&
         (before.st_mtim.tv_sec != now.st_mtim.tv_sec ||
          before.st_mtim.tv_nsec != now.st_mtim.tv_nsec);
}

// The version of a file that is stored elsewhere; empty for others, and if it
// is not known.
std::string VersionOf(const std::string& path) {
  const Result<std::shared_ptr<FileSystem>> file_system = FileSystemOf(path);
  if (!file_system || *file_system == nullptr) return {};
  return (*file_system)
      ->Stat(path)
      .map([](const FileInfo& info) { return info.version; })
      .value_or(std::string());
}

bool HasReadError(const std::vector<Error>& errors, const std::string& file) {
  return std::ranges::any_of(errors, [&file](const Error& error) {
    return error.code == ErrorCode::kIo && error.file == file;
  });
}

Error WrittenTo(const std::string& file) {
  return IoError(file, "was written to while it was read",
                 "let no other program write to it, and run again");
}

}  // namespace

InputWatch::InputWatch(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::string version = VersionOf(file);
    if (!version.empty()) {
      stored_.emplace_back(file, std::move(version));
      continue;
    }
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
        HasReadError(*errors, watched.file)) {
      continue;
    }
    errors->push_back(WrittenTo(watched.file));
  }
  for (const auto& [file, version] : stored_) {
    const std::string now = VersionOf(file);
    if (now.empty() || now == version || HasReadError(*errors, file)) continue;
    errors->push_back(WrittenTo(file));
  }
}

}  // namespace thresh
