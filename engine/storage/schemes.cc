// The table of registered schemes, which is the process's.
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "thresh/file_system.h"

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

bool IsLowerCase(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpperCase(char c) { return c >= 'A' && c <= 'Z'; }

// Whether it is a scheme as in RFC 3986, which may be in upper case in a path.
bool IsScheme(std::string_view scheme) {
  return !scheme.empty() &&
         (IsLowerCase(scheme.front()) || IsUpperCase(scheme.front())) &&
         std::ranges::all_of(scheme, [](char c) {
           return IsLowerCase(c) || IsUpperCase(c) || (c >= '0' && c <= '9') ||
                  c == '+' || c == '-' || c == '.';
         });
}

bool IsLocalDirectory(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// "a, b"; what to print where there are none.
std::string NamesOf(const Schemes& schemes) {
  std::string names;
  for (const auto& [scheme, file_system] : schemes.table) {
    names += (names.empty() ? "" : ", ") + scheme;
  }
  return names.empty() ? "none" : names;
}

}  // namespace

Result<void> RegisterFileSystem(std::string_view scheme,
                                std::shared_ptr<FileSystem> file_system) {
  const std::string quoted = "'" + std::string(scheme) + "'";
  if (!IsScheme(scheme) || std::ranges::any_of(scheme, IsUpperCase)) {
    return tl::unexpected(InvalidArgument(
        quoted + " is not a scheme",
        "use a letter, then letters, digits, +, - and ., in lower case"));
  }
  if (file_system == nullptr) {
    return tl::unexpected(
        InvalidArgument("the scheme " + quoted + " has no file system",
                        "pass one that is not null"));
  }
  Schemes& schemes = TheSchemes();
  const std::scoped_lock lock(schemes.mutex);
  const bool added =
      schemes.table.emplace(scheme, std::move(file_system)).second;
  if (added) return {};
  return tl::unexpected(
      InvalidArgument("the scheme " + quoted + " is registered already",
                      "register it once in a process"));
}

Result<std::shared_ptr<FileSystem>> FileSystemOf(const std::string& path) {
  const size_t end = path.find(kAfterScheme);
  if (end == std::string::npos) return nullptr;
  const std::string scheme = path.substr(0, end);
  if (!IsScheme(scheme)) return nullptr;
  Schemes& schemes = TheSchemes();
  const std::scoped_lock lock(schemes.mutex);
  const auto found = schemes.table.find(scheme);
  if (found != schemes.table.end()) return found->second;
  if (IsLocalDirectory(scheme + ":")) return nullptr;
  return tl::unexpected(
      IoError(path, "no storage is registered for the scheme " + scheme + "://",
              "name a file of this machine (./" + scheme +
                  "://... if it is one), or use a scheme that is registered: " +
                  NamesOf(schemes)));
}

}  // namespace thresh
