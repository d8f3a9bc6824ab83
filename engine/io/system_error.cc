// The remedies are in one table, so that the same failure has the same text
// wherever it occurs.
#include "io/system_error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/errors.h"

namespace thresh {
namespace {

struct Remedies {
  int code;
  const char* reading;
  const char* writing;
};

constexpr char kLinks[] = "check the symbolic links on the way";
constexpr char kCheckPermissions[] =
    "check the permissions of the file and of the directories above";
constexpr char kOwnDirectory[] =
    "write to a directory that you have the permission to change";
constexpr char kOpenFiles[] = "raise the limit of open files (ulimit -n)";
constexpr char kFreeSpace[] = "free space there or write elsewhere";

// Empty if the message alone says what to do.
constexpr std::array<Remedies, 15> kRemedies = {{
    {ENOENT, "check the name", "create its directory first"},
    {ENOTDIR, "check the name", "create its directory first"},
    {EACCES, kCheckPermissions, kOwnDirectory},
    {EPERM, kCheckPermissions, kOwnDirectory},
    {EROFS, "", kOwnDirectory},
    {EISDIR, "name the files in it", "name a file in it"},
    {ELOOP, kLinks, kLinks},
    {EMFILE, kOpenFiles, ""},
    {ENFILE, kOpenFiles, ""},
    {ENOMEM, "free some memory, or use fewer jobs", ""},
    {EIO, "check the disk, or fetch the file again",
     "check the disk, or write elsewhere"},
    {ENOSPC, "", kFreeSpace},
    {EDQUOT, "", kFreeSpace},
    // The kernel hit a missing page, where user code would get SIGBUS.
    {EFAULT, "",
     "a mapped input was truncated, or its storage failed: let no one write to "
     "it and run again, or read it instead of mapping it"},
    {EPIPE, "", "the program that reads it ended early"},
}};

}  // namespace

const char* RemedyFor(int code, FileUse use) {
  // Not in the table, because on some systems it would be there twice.
  if (code == EWOULDBLOCK && use == FileUse::kWriting) {
    return "another run is writing it: wait for it or choose another name";
  }
  const auto* const found = std::ranges::find(kRemedies, code, &Remedies::code);
  if (found == kRemedies.end()) return "";
  return use == FileUse::kReading ? found->reading : found->writing;
}

Error SystemError(int code, std::string file) {
  return IoError(std::move(file), std::generic_category().message(code),
                 RemedyFor(code, FileUse::kReading));
}

Error ShrunkError(std::string file) {
  return IoError(std::move(file), "file shrank while it was read",
                 "let no other program write to it meanwhile");
}

}  // namespace thresh
