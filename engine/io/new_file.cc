// See new_file.h. All names are looked up in the folder's descriptor, and links
// are not followed.
#include "io/new_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "io/folder.h"
#include "io/system_call.h"
#include "io/trust.h"
#include "io/write_error.h"

namespace thresh {
namespace {

constexpr mode_t kPrivate = 0600;

// How often another run may interfere before this one fails.
constexpr int kAttempts = 100;

// False if another process has the lock.
bool LockNow(int file) {
  return Uninterrupted([file] { return ::flock(file, LOCK_EX | LOCK_NB); }) ==
             0 ||
         errno != EWOULDBLOCK;
}

}  // namespace

Result<NewFile> NewFile::Create(const std::string& target) {
  Descriptor folder = OpenFolderOf(target);
  const int code = errno;
  const bool opened = folder.is_open();
  NewFile made(std::move(folder), target);
  if (!opened) return WriteError(made.partial_, "create", code);
  if (Result<void> created = made.CreatePartial(); !created) {
    return tl::unexpected(std::move(created.error()));
  }
  return made;
}

Result<void> NewFile::CreatePartial() {
  const std::string name = NameIn(partial_);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const int number = Uninterrupted([&] {
      return ::openat(folder_.number(), name.c_str(),
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      kPrivate);
    });
    if (number >= 0) {
      Descriptor file(number);
      // In the meantime another run may have taken it for a dead run's file.
      if (!LockNow(number) || !IsNamed(number, folder_, name)) {
        return WriteError(partial_, "write", EWOULDBLOCK);
      }
      file_ = std::move(file);
      return {};
    }
    if (errno != EEXIST) return WriteError(partial_, "create", errno);
    if (Result<void> cleared = ClearLeftover(); !cleared) return cleared;
  }
  return WriteError(partial_, "write", EWOULDBLOCK);
}

// Removes a file of that name if a dead run left it.
Result<void> NewFile::ClearLeftover() {
  const std::string name = NameIn(partial_);
  const auto refused = [this](const char* why) {
    return RefusedFile(
        partial_, "cannot be created: a file of that name " + std::string(why),
        "remove it, or choose another name for the output");
  };
  struct stat status;
  // Before it is opened: opening a pipe would already affect its other end.
  if (::fstatat(folder_.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) !=
      0) {
    if (errno == ENOENT) return {};
    return WriteError(partial_, "create", errno);
  }
  if (const char* why = WhyNotOurs(status, /*or_root=*/false)) {
    return refused(why);
  }
  const Descriptor leftover(Uninterrupted([&] {
    return ::openat(folder_.number(), name.c_str(),
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  }));
  if (!leftover.is_open()) {
    if (errno == ENOENT) return {};
    return WriteError(partial_, "create", errno);
  }
  if (::fstat(leftover.number(), &status) != 0) {
    return WriteError(partial_, "create", errno);
  }
  if (const char* why = WhyNotOurs(status, /*or_root=*/false)) {
    return refused(why);
  }
  if (!LockNow(leftover.number())) {
    return WriteError(partial_, "write", EWOULDBLOCK);
  }
  // The holder of the lock may have published the file in the meantime.
  if (!IsNamed(leftover.number(), folder_, name)) return {};
  if (Uninterrupted(
          [&] { return ::unlinkat(folder_.number(), name.c_str(), 0); }) != 0 &&
      errno != ENOENT) {
    return WriteError(partial_, "remove", errno);
  }
  return {};
}

Result<void> NewFile::Try(const std::string& target) {
  const std::string partial = target + std::string(kPartialSuffix);
  std::string trial = partial + ".XXXXXX";
  const Descriptor file(
      Uninterrupted([&trial] { return ::mkostemp(trial.data(), O_CLOEXEC); }));
  if (!file.is_open()) return WriteError(partial, "create", errno);
  if (Uninterrupted([&trial] { return ::unlink(trial.c_str()); }) != 0) {
    return WriteError(trial, "remove", errno);
  }
  return {};
}

NewFile& NewFile::operator=(NewFile&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(target_, other.target_);
  std::swap(partial_, other.partial_);
  std::swap(file_, other.file_);
  return *this;
}

NewFile::~NewFile() { Discard(); }

// The name is removed while the lock is held, otherwise it might belong to
// another run by then.
void NewFile::Discard() {
  if (!file_.is_open()) return;
  const std::string name = NameIn(partial_);
  if (IsNamed(file_.number(), folder_, name)) {
    static_cast<void>(Uninterrupted(
        [&] { return ::unlinkat(folder_.number(), name.c_str(), 0); }));
  }
  file_.Close();
}

Result<void> NewFile::Write(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = Uninterrupted(
        [&] { return ::write(file_.number(), bytes.data(), bytes.size()); });
    if (written < 0) return WriteError(partial_, "write", errno);
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return {};
}

mode_t NewFile::ModeToBe() const {
  constexpr mode_t kPermissions = 0777;
  const mode_t usual = UsualMode();
  struct stat old;
  if (::fstatat(folder_.number(), NameIn(target_).c_str(), &old,
                AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(old.st_mode)) {
    return usual;
  }
  // Permissions chosen by another user may restrict access, not extend it.
  const mode_t mode = old.st_mode & kPermissions;
  return old.st_uid == ::geteuid() ? mode : mode & usual;
}

Result<void> NewFile::Complete(Durability durability,
                               std::optional<mode_t> mode) {
  const mode_t to_be = mode.has_value() ? *mode : ModeToBe();
  // Some file systems have permissions that a user cannot set.
  if (to_be != kPrivate &&
      Uninterrupted([&] { return ::fchmod(file_.number(), to_be); }) != 0 &&
      errno != EPERM && errno != ENOTSUP && errno != ENOSYS) {
    return WriteError(partial_, "set the permissions of", errno);
  }
  if (durability == Durability::kSynced && !SyncFile(file_.number())) {
    return WriteError(partial_, "sync", errno);
  }
  // Some file systems report a failed write only on close. Closing a duplicate
  // reveals it while the lock is still held.
  const int duplicate = Uninterrupted(
      [this] { return ::fcntl(file_.number(), F_DUPFD_CLOEXEC, 0); });
  if (duplicate < 0 || (::close(duplicate) != 0 && errno != EINTR)) {
    return WriteError(partial_, "write", errno);
  }
  return {};
}

Result<void> NewFile::Publish(Durability durability,
                              const std::string& suffix) {
  const std::string name = NameIn(partial_);
  const std::string published = NameIn(target_) + suffix;
  const int renamed = Uninterrupted([&] {
    return ::renameat(folder_.number(), name.c_str(), folder_.number(),
                      published.c_str());
  });
  const int code = errno;
  file_.Close();
  if (renamed != 0) {
    tl::unexpected<Error> failed =
        WriteError(target_ + suffix, "rename " + partial_ + " to it", code);
    failed.value().remedy = "it is complete: rename it by hand";
    return failed;
  }
  if (durability == Durability::kSynced && !SyncFolder(folder_)) {
    tl::unexpected<Error> failed =
        WriteError(target_ + suffix, "sync its directory", errno);
    failed.value().remedy =
        "it is complete, but may be lost if the machine fails: check the disk, "
        "and copy the file";
    return failed;
  }
  return {};
}

bool IsRemovable(const std::string& path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0 &&
         (S_ISREG(status.st_mode) || S_ISLNK(status.st_mode));
}

Result<void> RemoveName(const std::string& path, Durability durability) {
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    return WriteError(path, "remove", errno);
  }
  if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) return {};
  const Descriptor folder = OpenFolderOf(path);
  if (!folder.is_open()) return WriteError(path, "remove", errno);
  if (Uninterrupted([&] {
        return ::unlinkat(folder.number(), NameIn(path).c_str(), 0);
      }) != 0 &&
      errno != ENOENT) {
    return WriteError(path, "remove", errno);
  }
  if (durability == Durability::kSynced && !SyncFolder(folder)) {
    return WriteError(path, "sync the directory of", errno);
  }
  return {};
}

}  // namespace thresh
