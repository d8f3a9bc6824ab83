// A run that writes to its own input destroys it or never ends, so this is
// checked before any file is opened.
#include "cli/options/output_files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "thresh/file_system.h"
#include "thresh/sinks.h"

namespace thresh::cli {
namespace {

// Whether the path is not of a file of this machine.
bool HasScheme(const std::string& path) {
  const auto file_system = FileSystemOf(path);
  return !file_system || *file_system != nullptr;
}

std::optional<struct stat> StatusOf(const std::string& path, int standard) {
  if (HasScheme(path)) return std::nullopt;
  struct stat status{};
  const int failed =
      path == "-" ? fstat(standard, &status) : stat(path.c_str(), &status);
  if (failed != 0) return std::nullopt;
  return status;
}

// Whether both exist and are the same regular file. Devices such as /dev/null
// may be both read and written by a run.
bool SameFile(const std::optional<struct stat>& a,
              const std::optional<struct stat>& b) {
  return a && b && S_ISREG(a->st_mode) && a->st_dev == b->st_dev &&
         a->st_ino == b->st_ino;
}

std::optional<std::string> FindInput(const std::string& output,
                                     const std::vector<std::string>& inputs) {
  if (HasScheme(output)) {
    const auto found = std::ranges::find(inputs, output);
    return found == inputs.end() ? std::nullopt : std::optional(*found);
  }
  const auto written = StatusOf(output, STDOUT_FILENO);
  if (!written || !S_ISREG(written->st_mode)) return std::nullopt;
  for (const std::string& input : inputs) {
    if (SameFile(written, StatusOf(input, STDIN_FILENO))) return input;
  }
  return std::nullopt;
}

bool IsDirectory(const std::string& path) {
  const auto status = StatusOf(path, STDOUT_FILENO);
  return status && S_ISDIR(status->st_mode);
}

// Whether the name exists, even as a dangling link.
bool IsTaken(const std::string& path) {
  struct stat status{};
  return lstat(path.c_str(), &status) == 0;
}

// Whether the names are spellings of one path, whether or not the file exists.
bool SamePath(const std::string& a, const std::string& b) {
  if (HasScheme(a) || HasScheme(b)) return a == b;
  std::error_code failed;
  const auto canonical_a = std::filesystem::weakly_canonical(a, failed);
  if (failed) return false;
  const auto canonical_b = std::filesystem::weakly_canonical(b, failed);
  return !failed && canonical_a == canonical_b;
}

}  // namespace

std::string DefaultQuarantine(const std::string& out) {
  const auto status = StatusOf(out, STDOUT_FILENO);
  const bool is_file = out != "-" && (!status || S_ISREG(status->st_mode));
  if (is_file) return out + std::string(kQuarantineSuffix);
  std::string path = fmt::format("thresh{}", kQuarantineSuffix);
  // A name that another run is writing to now counts, too.
  for (int number = 2; IsTaken(path) || IsTaken(path + ".partial"); ++number) {
    path = fmt::format("thresh-{}{}", number, kQuarantineSuffix);
  }
  return path;
}

std::optional<std::string> FindOutputConflict(
    const std::string& out, const std::string& quarantine,
    const std::vector<std::string>& inputs) {
  std::vector<std::string> outputs = {out};
  // The name of the output until it is complete, and if it never is.
  if (out != "-") {
    outputs.push_back(out + ".partial");
    outputs.push_back(out + std::string(kIncompleteSuffix));
  }
  if (!quarantine.empty()) outputs.push_back(quarantine);
  for (const std::string& output : outputs) {
    if (IsDirectory(output)) return output + " is a directory, not a file";
    if (const auto input = FindInput(output, inputs)) {
      return fmt::format("output {} is the same file as input {}",
                         output == "-" ? "standard output" : output,
                         *input == "-" ? "standard input" : *input);
    }
  }
  if (!quarantine.empty() && IsStandardOutput(quarantine))
    return "the quarantine cannot be standard output";
  if (!quarantine.empty() && (SamePath(quarantine, out) ||
                              SameFile(StatusOf(out, STDOUT_FILENO),
                                       StatusOf(quarantine, STDOUT_FILENO)))) {
    return quarantine + " cannot be both output and quarantine";
  }
  return std::nullopt;
}

}  // namespace thresh::cli
