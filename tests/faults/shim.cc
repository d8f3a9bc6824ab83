// Preloaded into the program (LD_PRELOAD), this library intercepts calls of the
// C library on files and makes them fail, end early or be interrupted, as
// specified by environment variables; or it logs the calls. It affects only
// files under one directory and the standard streams, so that the reads of
// other libraries are not changed.
//
//   THRESH_FAULTS_UNDER=DIR  the directory
//   THRESH_FAULTS_SEED=N     short counts and interruptions, drawn from N
//   THRESH_FAULTS_FAIL=N     the Nth call fails
//   THRESH_FAULTS_ERROR=E    with this errno
//   THRESH_FAULTS_KILL=N     the process kills itself before the Nth call
//   THRESH_FAULTS_LOG=FILE   one line for each call that changes something
//   THRESH_FAULTS_COUNT=FILE at its end, how many calls there were
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

const char* Setting(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

uint64_t NumberOf(const char* name) {
  return strtoull(Setting(name), nullptr, 10);
}

struct Script {
  std::string under = Setting("THRESH_FAULTS_UNDER");
  uint64_t seed = NumberOf("THRESH_FAULTS_SEED");
  uint64_t fail = NumberOf("THRESH_FAULTS_FAIL");
  int error = static_cast<int>(NumberOf("THRESH_FAULTS_ERROR"));
  uint64_t kill = NumberOf("THRESH_FAULTS_KILL");
  std::string log = Setting("THRESH_FAULTS_LOG");
  std::string count = Setting("THRESH_FAULTS_COUNT");
};

const Script& TheScript() {
  static const Script* const script = new Script;
  return *script;
}

std::atomic<uint64_t> calls = 0;

constexpr int kDescriptors = 1024;
std::atomic<bool> watched[kDescriptors];

bool IsUnder(const char* path) {
  const std::string& under = TheScript().under;
  return !under.empty() && strncmp(path, under.c_str(), under.size()) == 0;
}

bool IsWatched(int fd) {
  if (TheScript().under.empty() || fd < 0 || fd >= kDescriptors) return false;
  return fd <= STDOUT_FILENO || watched[fd];
}

void Watch(int fd, bool on) {
  if (fd > STDERR_FILENO && fd < kDescriptors) watched[fd] = on;
}

// The path of a name in the directory `folder`.
std::string PathAt(int folder, const char* name) {
  if (name[0] == '/') return name;
  char link[64];
  char path[PATH_MAX];
  if (folder == AT_FDCWD) {
    return getcwd(path, sizeof path) == nullptr
               ? name
               : std::string(path) + "/" + name;
  }
  snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  const ssize_t size = readlink(link, path, sizeof path);
  return size < 0 ? name
                  : std::string(path, static_cast<size_t>(size)) + "/" + name;
}

// The outcome of a call: 0, or the errno that it fails with.
int Fate() {
  const Script& script = TheScript();
  const uint64_t number = ++calls;
  if (number == script.kill) raise(SIGKILL);
  return number == script.fail ? script.error : 0;
}

// A number that depends on the seed and on the number of calls so far.
uint64_t Draw() {
  uint64_t x = TheScript().seed + calls * 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

bool IsInterrupted() { return TheScript().seed != 0 && Draw() % 8 == 0; }

// How many of `size` bytes are read or written.
size_t Shortened(size_t size) {
  if (TheScript().seed == 0 || size < 2 || Draw() % 4 > 1) return size;
  return 1 + (Draw() >> 8) % (Draw() % 2 == 0 ? size : 16 < size ? 16 : size);
}

// Makes the call fail if it should. `may_interrupt`: whether POSIX allows
// EINTR.
bool Fails(bool may_interrupt) {
  const int error = Fate();
  if (error != 0) {
    errno = error;
    return true;
  }
  if (!may_interrupt || !IsInterrupted()) return false;
  errno = EINTR;
  return true;
}

void Log(const std::string& line) {
  const std::string& path = TheScript().log;
  if (path.empty()) return;
  static const int file = static_cast<int>(
      syscall(SYS_openat, AT_FDCWD, path.c_str(),
              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  const std::string text = line + "\n";
  if (syscall(SYS_write, file, text.data(), text.size()) < 0) abort();
}

std::string InodeOf(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? std::to_string(status.st_ino) : "-";
}

std::string Hex(const void* data, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    char digits[3];
    snprintf(digits, sizeof digits, "%02x",
             static_cast<const unsigned char*>(data)[i]);
    text += digits;
  }
  return text;
}

int OpenAt(int folder, const char* path, int flags, mode_t mode) {
  static const auto real = Real<int (*)(int, const char*, int, ...)>("openat");
  const std::string name = PathAt(folder, path);
  if (!IsUnder(name.c_str())) {
    const int fd = real(folder, path, flags, mode);
    Watch(fd, false);
    return fd;
  }
  if (Fails(true)) return -1;
  struct stat status;
  const bool existed = fstatat(folder, path, &status, 0) == 0;
  const int fd = real(folder, path, flags, mode);
  Watch(fd, fd >= 0);
  if (fd >= 0 && !existed) Log("create " + InodeOf(fd) + " " + name);
  if (fd >= 0 && existed && (flags & O_TRUNC) != 0) {
    Log("truncate " + InodeOf(fd));
  }
  return fd;
}

mode_t ModeOf(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0
             ? static_cast<mode_t>(va_arg(more, int))
             : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return OpenAt(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return OpenAt(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return OpenAt(folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return OpenAt(folder, path, flags, mode);
}

int __open_2(const char* path, int flags) {
  return OpenAt(AT_FDCWD, path, flags, 0);
}
int __open64_2(const char* path, int flags) {
  return OpenAt(AT_FDCWD, path, flags, 0);
}
int __openat_2(int folder, const char* path, int flags) {
  return OpenAt(folder, path, flags, 0);
}
int __openat64_2(int folder, const char* path, int flags) {
  return OpenAt(folder, path, flags, 0);
}

ssize_t read(int fd, void* out, size_t size) {
  static const auto real = Real<ssize_t (*)(int, void*, size_t)>("read");
  if (!IsWatched(fd)) return real(fd, out, size);
  if (Fails(true)) return -1;
  return real(fd, out, Shortened(size));
}

ssize_t __read_chk(int fd, void* out, size_t size, size_t) {
  return read(fd, out, size);
}

ssize_t pread(int fd, void* out, size_t size, off_t offset) {
  static const auto real =
      Real<ssize_t (*)(int, void*, size_t, off_t)>("pread64");
  if (!IsWatched(fd)) return real(fd, out, size, offset);
  if (Fails(true)) return -1;
  return real(fd, out, Shortened(size), offset);
}

ssize_t pread64(int fd, void* out, size_t size, off_t offset) {
  return pread(fd, out, size, offset);
}
ssize_t __pread_chk(int fd, void* out, size_t size, off_t offset, size_t) {
  return pread(fd, out, size, offset);
}
ssize_t __pread64_chk(int fd, void* out, size_t size, off_t offset, size_t) {
  return pread(fd, out, size, offset);
}

ssize_t write(int fd, const void* data, size_t size) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t)>("write");
  if (!IsWatched(fd)) return real(fd, data, size);
  if (Fails(true)) return -1;
  const ssize_t written = real(fd, data, Shortened(size));
  if (written > 0 && fd > STDERR_FILENO) {
    Log("write " + InodeOf(fd) + " " + Hex(data, static_cast<size_t>(written)));
  }
  return written;
}

ssize_t writev(int fd, const struct iovec* pieces, int count) {
  static const auto real =
      Real<ssize_t (*)(int, const struct iovec*, int)>("writev");
  if (!IsWatched(fd)) return real(fd, pieces, count);
  // One call for each piece: the rest counts as not written.
  for (int i = 0; i < count; ++i) {
    if (pieces[i].iov_len > 0) {
      return write(fd, pieces[i].iov_base, pieces[i].iov_len);
    }
  }
  return 0;
}

int fsync(int fd) {
  static const auto real = Real<int (*)(int)>("fsync");
  // Syncing is not needed here, and slow.
  if (!IsWatched(fd)) return real(fd);
  if (Fails(true)) return -1;
  struct stat status;
  const bool is_folder = fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
  Log(is_folder ? "syncdir " + PathAt(fd, "") : "sync " + InodeOf(fd));
  return 0;
}

int fdatasync(int fd) { return fsync(fd); }

int close(int fd) {
  static const auto real = Real<int (*)(int)>("close");
  if (fd <= STDERR_FILENO || !IsWatched(fd)) return real(fd);
  const int error = Fate();
  Watch(fd, false);
  // The descriptor is closed whatever the call returns.
  const int closed = real(fd);
  const bool interrupted = error == 0 && IsInterrupted();
  if (error == 0 && !interrupted) return closed;
  errno = error != 0 ? error : EINTR;
  return -1;
}

// A copy of a watched descriptor is watched, too.
int fcntl(int fd, int command, ...) {
  static const auto real = Real<int (*)(int, int, ...)>("fcntl");
  va_list more;
  va_start(more, command);
  void* const argument = va_arg(more, void*);
  va_end(more);
  const int result = real(fd, command, argument);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
    Watch(result, IsWatched(fd));
  }
  return result;
}

int fcntl64(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  void* const argument = va_arg(more, void*);
  va_end(more);
  return fcntl(fd, command, argument);
}

int renameat(int from, const char* name, int to, const char* other) {
  static const auto real =
      Real<int (*)(int, const char*, int, const char*)>("renameat");
  const std::string path = PathAt(from, name);
  if (!IsUnder(path.c_str())) return real(from, name, to, other);
  if (Fails(true)) return -1;
  const int renamed = real(from, name, to, other);
  if (renamed == 0) Log("rename " + path + " " + PathAt(to, other));
  return renamed;
}

int rename(const char* name, const char* other) {
  return renameat(AT_FDCWD, name, AT_FDCWD, other);
}

int unlinkat(int folder, const char* name, int flags) {
  static const auto real = Real<int (*)(int, const char*, int)>("unlinkat");
  const std::string path = PathAt(folder, name);
  if (!IsUnder(path.c_str())) return real(folder, name, flags);
  if (Fails(true)) return -1;
  const int gone = real(folder, name, flags);
  if (gone == 0) Log("unlink " + path);
  return gone;
}

int unlink(const char* name) { return unlinkat(AT_FDCWD, name, 0); }

int ftruncate(int fd, off_t size) {
  static const auto real = Real<int (*)(int, off_t)>("ftruncate64");
  if (!IsWatched(fd)) return real(fd, size);
  if (Fails(true)) return -1;
  Log("truncate " + InodeOf(fd));
  return real(fd, size);
}

int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int fchmod(int fd, mode_t mode) {
  static const auto real = Real<int (*)(int, mode_t)>("fchmod");
  if (!IsWatched(fd)) return real(fd, mode);
  if (Fails(true)) return -1;
  return real(fd, mode);
}

// Named differently here: struct flock has this name.
int LockFile(int fd, int operation) __asm__("flock");
int LockFile(int fd, int operation) {
  static const auto real = Real<int (*)(int, int)>("flock");
  if (IsWatched(fd) && IsInterrupted()) {
    ++calls;
    errno = EINTR;
    return -1;
  }
  return real(fd, operation);
}

void* mmap(void* at, size_t size, int protection, int flags, int fd,
           off_t offset) {
  static const auto real =
      Real<void* (*)(void*, size_t, int, int, int, off_t)>("mmap64");
  if ((flags & MAP_ANONYMOUS) == 0 && IsWatched(fd) && Fails(false)) {
    return MAP_FAILED;
  }
  return real(at, size, protection, flags, fd, offset);
}

void* mmap64(void* at, size_t size, int protection, int flags, int fd,
             off_t offset) {
  return mmap(at, size, protection, flags, fd, offset);
}

}  // extern "C"

namespace {

// Its destructor runs when the library is unloaded, when the program ends.
struct Counter {
  ~Counter() {
    const std::string& path = TheScript().count;
    if (path.empty()) return;
    const int file = static_cast<int>(
        syscall(SYS_openat, AT_FDCWD, path.c_str(),
                O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const std::string text = std::to_string(calls);
    if (syscall(SYS_write, file, text.data(), text.size()) < 0) abort();
  }
} counter;

}  // namespace
