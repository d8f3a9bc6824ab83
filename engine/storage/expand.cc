// Expands the words of a command line to files. The order is by bytes, not by
// locale, so that the same words give the same run everywhere.
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/errors.h"
#include "io/system_error.h"
#include "storage/name_filter.h"
#include "storage/stored_error.h"
#include "thresh/file_system.h"
#include "thresh/options.h"

namespace thresh {
namespace {

namespace fs = std::filesystem;

using Files = std::vector<std::string>;
using Problem = std::optional<Error>;  // null: no problem

enum class EntryKind : uint8_t {
  kFile,
  kDirectory,
  kOther,    // a link, a pipe, a device, a socket
  kUnknown,  // stat failed
};

struct Entry {
  std::string name;
  EntryKind kind;
};

// The kind of `entry` itself: a link is not followed.
EntryKind KindOf(const fs::directory_entry& entry) {
  std::error_code unknown;
  if (entry.is_symlink(unknown)) return EntryKind::kOther;
  if (entry.is_regular_file(unknown)) return EntryKind::kFile;
  if (entry.is_directory(unknown)) return EntryKind::kDirectory;
  return unknown ? EntryKind::kUnknown : EntryKind::kOther;
}

// What is in a directory, in byte order of the names. The directory contains
// their kinds, which saves a stat of each.
Problem ListDirectory(const fs::path& directory, std::vector<Entry>& entries) {
  std::error_code code;
  fs::directory_iterator it;
  do {
    it = fs::directory_iterator(directory, code);
  } while (code == std::errc::interrupted);
  for (const fs::directory_iterator end; !code && it != end;
       it.increment(code)) {
    entries.push_back({it->path().filename().string(), KindOf(*it)});
  }
  if (code) return SystemError(code.value(), directory.string());
  std::ranges::sort(entries, {}, &Entry::name);
  return std::nullopt;
}

// The result of expansion so far.
struct Expansion {
  NameFilter filter;
  Files files;
  LeftOut left_out;
};

// Collects the regular files below one directory.
class DirectoryWalk {
 public:
  DirectoryWalk(fs::path root, Expansion& expansion)
      : root_(std::move(root)), expansion_(expansion) {}

  // Fails if `directory` itself cannot be read.
  Problem Enter(const fs::path& directory) {
    std::vector<Entry> entries;
    if (Problem problem = ListDirectory(directory, entries)) return problem;
    for (const Entry& entry : entries) Visit(directory / entry.name, entry);
    return std::nullopt;
  }

 private:
  // An entry that cannot be examined or listed is kept as if it were a file:
  // opening it reports why, and the other entries are still read.
  void Visit(const fs::path& path, const Entry& entry) {
    switch (entry.kind) {
      case EntryKind::kOther:
        ++expansion_.left_out.not_data;
        break;
      case EntryKind::kDirectory:
        if (Enter(path).has_value()) Add(path);
        break;
      case EntryKind::kFile:
      case EntryKind::kUnknown:
        Add(path);
        break;
    }
  }

  void Add(const fs::path& path) {
    const fs::path inside = path.lexically_relative(root_);
    if (expansion_.filter.Passes(inside.string(), &expansion_.left_out)) {
      expansion_.files.push_back(path.string());
    }
  }

  const fs::path root_;
  Expansion& expansion_;
};

// Adds the existing `path`: itself, or the files below it.
Problem AddExisting(const std::string& path, const struct stat& status,
                    Expansion& expansion) {
  if (!S_ISDIR(status.st_mode)) {
    expansion.files.push_back(path);
    return std::nullopt;
  }
  const size_t before = expansion.files.size();
  const LeftOut left_out = expansion.left_out;
  if (Problem problem = DirectoryWalk(path, expansion).Enter(path)) {
    return problem;
  }
  if (expansion.files.size() > before || expansion.left_out != left_out) {
    return std::nullopt;
  }
  return IoError(path, "no regular file in this directory",
                 "name another directory, or leave it out");
}

// Adds the stored file `path`, or those below it in byte order of their paths.
Problem AddStored(FileSystem* file_system, const std::string& path,
                  Expansion& expansion) {
  Result<FileInfo> info = file_system->Stat(path);
  if (!info) return StoredError(std::move(info.error()), path).value();
  if (info->kind == FileKind::kNone) {
    return IoError(path, "no file or directory of this name in its storage",
                   "check the name; patterns work in names of files of this "
                   "machine alone");
  }
  if (info->kind == FileKind::kFile) {
    expansion.files.push_back(path);
    return std::nullopt;
  }
  Result<std::vector<FileInfo>> listed = file_system->List(path);
  if (!listed) return StoredError(std::move(listed.error()), path).value();
  std::ranges::sort(*listed, {}, &FileInfo::path);
  const size_t before = expansion.files.size();
  const LeftOut left_out = expansion.left_out;
  for (const FileInfo& file : *listed) {
    std::string_view inside = file.path;
    if (inside.starts_with(path)) inside.remove_prefix(path.size());
    inside.remove_prefix(
        std::min(inside.find_first_not_of('/'), inside.size()));
    if (file.kind == FileKind::kFile &&
        expansion.filter.Passes(std::string(inside), &expansion.left_out)) {
      expansion.files.push_back(file.path);
    }
  }
  if (expansion.files.size() > before || expansion.left_out != left_out) {
    return std::nullopt;
  }
  return IoError(path, "no file below it", "name another, or leave it out");
}

// An error of glob(3) that a user should know, from the callback to the call of
// glob(3) that made it. The callback has no context argument, so there is no
// other way; it holds nothing between calls of Glob.
thread_local Problem g_glob_problem;

int OnGlobError(const char* path, int code) {
  if (code == ENOENT || code == ENOTDIR) return 0;  // no match there
  g_glob_problem = SystemError(code, path);
  return 1;
}

Problem Glob(const std::string& pattern, Files& matches) {
  g_glob_problem.reset();
  glob_t found{};
  const int code = glob(pattern.c_str(), GLOB_NOSORT, OnGlobError, &found);
  if (code == 0) {
    matches.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  if (code == GLOB_ABORTED && g_glob_problem.has_value()) {
    return std::exchange(g_glob_problem, std::nullopt);
  }
  if (code == GLOB_NOMATCH) {
    return IoError(pattern, "the pattern matches nothing",
                   "check it; wildcards do not match a leading dot");
  }
  if (code != 0) return SystemError(ENOMEM, pattern);
  std::sort(matches.begin(), matches.end());
  return std::nullopt;
}

Problem AddWord(const std::string& word, Expansion& expansion) {
  struct stat status{};
  if (word == "-") {
    expansion.files.push_back(word);
    return std::nullopt;
  }
  Result<std::shared_ptr<FileSystem>> file_system = FileSystemOf(word);
  if (!file_system) return std::move(file_system.error());
  if (*file_system != nullptr) {
    return AddStored(file_system->get(), word, expansion);
  }
  if (stat(word.c_str(), &status) == 0) {
    return AddExisting(word, status, expansion);
  }
  if (word.find_first_of("*?[") == std::string::npos) {
    return SystemError(errno, word);
  }
  Files matches;
  if (Problem problem = Glob(word, matches)) return problem;
  for (const std::string& match : matches) {
    if (stat(match.c_str(), &status) != 0) {
      expansion.files.push_back(match);  // a dangling link
    } else if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
      // A pipe that was not named literally is not waited for.
      ++expansion.left_out.not_data;
    } else if (Problem problem = AddExisting(match, status, expansion)) {
      return problem;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<InputList> ExpandInputs(const std::vector<std::string>& words,
                               const Options& options) {
  Expansion expansion = {NameFilter(options.include, options.exclude), {}, {}};
  for (const std::string& word : words) {
    if (Problem problem = AddWord(word, expansion)) {
      return tl::unexpected(*std::move(problem));
    }
  }
  return InputList(std::move(expansion.files), expansion.left_out);
}

}  // namespace thresh
