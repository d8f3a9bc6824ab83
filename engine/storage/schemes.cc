// The table of registered schemes, which is the process's.
#include "storage/schemes.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "io/file_output.h"

namespace thresh {
namespace {

constexpr std::string_view kAfterScheme = "://";

struct Schemes {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<FileSystem>, std::less<>> table;
};

// Never destroyed: runs may end after static destructors have begun.
Schemes& TheSchemes() {
  static auto& schemes = *new Schemes;
  return schemes;
}

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

bool IsScheme(std::string_view scheme) {
  return !scheme.empty() && IsLetter(scheme.front()) &&
         std::ranges::all_of(scheme, [](char c) {
           return IsLetter(c) || (c >= '0' && c <= '9') || c == '+' ||
                  c == '-' || c == '.';
         });
}

bool ExistsHere(const std::string& path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0;
}

// "a, b"; what is said where there is none.
std::string NamesOf(const Schemes& schemes) {
  std::string names;
  for (const auto& [scheme, file_system] : schemes.table) {
    names += (names.empty() ? "" : ", ") + scheme;
  }
  return names.empty() ? "there are none here" : "there are: " + names;
}

}  // namespace

Result<void> RegisterFileSystem(std::string_view scheme,
                                std::shared_ptr<FileSystem> file_system) {
  if (!IsScheme(scheme) || file_system == nullptr) {
    return tl::unexpected(InvalidArgument(
        "'" + std::string(scheme) + "' is not a scheme, or has no file system",
        "give it letters, digits, +, - and ., in lower case"));
  }
  Schemes& schemes = TheSchemes();
  const std::scoped_lock lock(schemes.mutex);
  const bool added =
      schemes.table.emplace(scheme, std::move(file_system)).second;
  if (added) return {};
  return tl::unexpected(InvalidArgument(
      "the scheme '" + std::string(scheme) + "' is registered already", {}));
}

Result<std::shared_ptr<FileSystem>> FileSystemOf(const std::string& path) {
  const size_t end = path.find(kAfterScheme);
  if (end == std::string::npos) return nullptr;
  const std::string_view scheme = std::string_view(path).substr(0, end);
  if (!IsScheme(scheme) || ExistsHere(path)) return nullptr;
  Schemes& schemes = TheSchemes();
  const std::scoped_lock lock(schemes.mutex);
  const auto found = schemes.table.find(scheme);
  if (found != schemes.table.end()) return found->second;
  return tl::unexpected(IoError(
      path, "no storage is known by the scheme " + std::string(scheme) + "://",
      "name a file of this machine, or a path of a scheme that is known; " +
          NamesOf(schemes)));
}

Result<std::unique_ptr<ByteOutput>> OpenOutput(const std::string& path,
                                               const OutputOptions& options) {
  Result<std::shared_ptr<FileSystem>> file_system = FileSystemOf(path);
  if (!file_system) return tl::unexpected(std::move(file_system.error()));
  if (*file_system != nullptr) {
    Result<std::unique_ptr<ByteOutput>> output =
        (*file_system)->Create(path, options);
    if (!output && output.error().file.empty()) output.error().file = path;
    return output;
  }
  Result<FileOutput> file = FileOutput::Open(path, options);
  if (!file) return tl::unexpected(std::move(file.error()));
  return std::make_unique<FileOutput>(*std::move(file));
}

}  // namespace thresh
