// Plain writev(2): what is written comes in large buffers or lies in the mapped
// input, and stdio would only copy it once more.
#include "sink/file_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "thresh/sinks.h"

namespace thresh {
namespace {

constexpr char kPartial[] = ".partial";

// As many as the kernel takes at a time (UIO_MAXIOV).
constexpr size_t kMostPieces = 1024;

std::string Remedy(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free space there or write elsewhere";
    case EACCES:
    case EPERM:
    case EROFS:
      return "write to a directory that you have the permission to change";
    case ENOENT:
    case ENOTDIR:
      return "create its directory first";
    case EISDIR:
      return "name a file in it";
    case EFAULT:  // the kernel met the hole where a user would get SIGBUS
      return "a mapped input was truncated, or its storage failed: let no one "
             "write to it and run again; --no-mmap reads it instead of mapping "
             "it";
    case EPIPE:
      return "the program that reads it ended early";
    case EWOULDBLOCK:
      return "another run is writing it: wait for it or choose another name";
    default:
      return "";
  }
}

// A system call failed on `file`; `action` completes "cannot ...".
tl::unexpected<Error> Failed(const std::string& file, const std::string& action,
                             int error_number) {
  const std::error_code code(error_number, std::generic_category());
  return tl::unexpected(
      Error{.code = ErrorCode::kIo,
            .file = file,
            .offset = std::nullopt,
            .message = "cannot " + action + ": " + code.message(),
            .remedy = Remedy(error_number)});
}

// Linux follows no longer chain of symbolic links either.
constexpr int kLongestChain = 40;

// Where the symbolic links from `path` on lead, be there a file or not.
std::string Resolve(std::filesystem::path path) {
  for (int links = 0; links < kLongestChain; ++links) {
    std::error_code no_link;
    const std::filesystem::path next =
        std::filesystem::read_symlink(path, no_link);
    if (no_link) break;
    path = path.parent_path() / next;  // just `next` if that is absolute
  }
  return path.string();
}

// Whether `path` still names what `descriptor` has open.
bool SameFile(int descriptor, const std::string& path) {
  struct stat open_file;
  struct stat named_file;
  return ::fstat(descriptor, &open_file) == 0 &&
         ::stat(path.c_str(), &named_file) == 0 &&
         open_file.st_dev == named_file.st_dev &&
         open_file.st_ino == named_file.st_ino;
}

// Makes the file behind `descriptor` this process's own, and empty. Returns
// the error number, or 0. File systems without locks go without.
int Claim(int descriptor, const std::string& path) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return EWOULDBLOCK;
  }
  // Whoever held the lock may have published the file in the meantime.
  if (!SameFile(descriptor, path)) return EWOULDBLOCK;
  return ::ftruncate(descriptor, 0) == 0 ? 0 : errno;
}

// Pipes, sockets and terminals.
bool HasReader(int descriptor) {
  struct stat status;
  return ::fstat(descriptor, &status) == 0 &&
         (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ||
          ::isatty(descriptor) == 1);
}

// Waits until a descriptor that somebody else made non-blocking takes more.
void AwaitRoom(int descriptor) {
  struct pollfd wanted = {.fd = descriptor, .events = POLLOUT, .revents = 0};
  ::poll(&wanted, 1, -1);
}

// The system call writes nothing there.
iovec PieceOf(Bytes bytes) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return {.iov_base = const_cast<uint8_t*>(bytes.data()),
          .iov_len = bytes.size()};
}

// What is left of `pieces` when `written` bytes of them are.
std::span<iovec> Behind(size_t written, std::span<iovec> pieces) {
  while (!pieces.empty() && pieces.front().iov_len <= written) {
    written -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (!pieces.empty()) {
    iovec& first = pieces.front();
    first.iov_base = static_cast<uint8_t*>(first.iov_base) + written;
    first.iov_len -= written;
  }
  return pieces;
}

}  // namespace

bool IsStandardOutput(std::string_view path) {
  constexpr std::string_view kNames[] = {"-", "/dev/stdout", "/dev/fd/1",
                                         "/proc/self/fd/1"};
  return std::ranges::find(kNames, path) != std::end(kNames);
}

FileOutput::FileOutput(std::string name, std::string target, int descriptor)
    : name_(std::move(name)),
      target_(std::move(target)),
      descriptor_(descriptor),
      has_reader_(HasReader(descriptor)) {}

FileOutput::FileOutput(FileOutput&& other) noexcept
    : name_(std::move(other.name_)),
      target_(std::move(other.target_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      has_reader_(other.has_reader_) {}

FileOutput& FileOutput::operator=(FileOutput&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(target_, other.target_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(has_reader_, other.has_reader_);
  return *this;
}

FileOutput::~FileOutput() {
  if (descriptor_ < 0) return;
  // Removed while the lock is held, else it might be another run's by then.
  if (!target_.empty()) ::unlink((target_ + kPartial).c_str());
  ::close(descriptor_);
}

Result<FileOutput> FileOutput::Open(const std::string& path) {
  if (path.empty()) {
    return tl::unexpected(
        Error{.code = ErrorCode::kInvalidArgument,
              .file = "",
              .offset = std::nullopt,
              .message = "the output has no name",
              .remedy = "name a file, or - for standard output"});
  }
  if (IsStandardOutput(path)) {
    const std::string name = "standard output";
    const int descriptor = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (descriptor < 0) return Failed(name, "write", errno);
    return FileOutput(name, "", descriptor);
  }
  struct stat status;
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) return Failed(path, "write", errno);
  if (!exists || S_ISREG(status.st_mode)) return OpenPartial(path);
  if (S_ISDIR(status.st_mode)) return Failed(path, "write", EISDIR);
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return Failed(path, "open for writing", errno);
  return FileOutput(path, "", descriptor);
}

Result<FileOutput> FileOutput::OpenPartial(const std::string& path) {
  std::string target = Resolve(path);
  const std::string partial = target + kPartial;
  struct stat old;
  const bool replaces = ::stat(target.c_str(), &old) == 0;
  const int descriptor =
      ::open(partial.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
             replaces ? old.st_mode & 0777 : 0666);
  if (descriptor < 0) return Failed(partial, "create", errno);
  if (const int error_number = Claim(descriptor, partial); error_number != 0) {
    ::close(descriptor);
    return Failed(partial, "write", error_number);
  }
  if (replaces) ::fchmod(descriptor, old.st_mode & 0777);
  return FileOutput(path, std::move(target), descriptor);
}

Result<void> FileOutput::Try(const std::string& path) {
  if (IsStandardOutput(path)) return {};
  struct stat status;
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) return Failed(path, "write", errno);
  if (exists && S_ISDIR(status.st_mode)) return Failed(path, "write", EISDIR);
  // To open a pipe and close it again would end it for its reader.
  if (exists && !S_ISREG(status.st_mode)) return {};
  const std::string partial = Resolve(path) + kPartial;
  std::string trial = partial + ".XXXXXX";
  const int descriptor = ::mkostemp(trial.data(), O_CLOEXEC);
  if (descriptor < 0) return Failed(partial, "create", errno);
  ::unlink(trial.c_str());
  ::close(descriptor);
  return {};
}

Result<void> FileOutput::RemoveStale(const std::string& path) {
  struct stat status;
  if (IsStandardOutput(path) || ::stat(path.c_str(), &status) != 0 ||
      !S_ISREG(status.st_mode)) {
    return {};
  }
  if (::unlink(Resolve(path).c_str()) != 0 && errno != ENOENT) {
    return Failed(path, "remove", errno);
  }
  return {};
}

Result<void> FileOutput::Write(const OutputBuffer& encoded) {
  std::array<iovec, kMostPieces> pieces;
  size_t count = 0;
  Result<void> written;
  encoded.ForEachPiece([&](Bytes bytes) {
    if (!written) return;
    pieces[count++] = PieceOf(bytes);
    if (count < pieces.size()) return;
    written = WriteAll(pieces);
    count = 0;
  });
  return written ? WriteAll(std::span(pieces).first(count)) : written;
}

// Changes `pieces` as it goes.
Result<void> FileOutput::WriteAll(std::span<iovec> pieces) {
  while (!pieces.empty()) {
    const ssize_t written =
        ::writev(descriptor_, pieces.data(), static_cast<int>(pieces.size()));
    if (written >= 0) {
      pieces = Behind(static_cast<size_t>(written), pieces);
    } else if (errno == EAGAIN) {
      AwaitRoom(descriptor_);
    } else if (errno != EINTR) {
      return Failed(name_, "write", errno);
    }
  }
  return {};
}

Result<void> FileOutput::Finish() {
  // Some file systems tell only on close that a write failed. Closing a
  // duplicate asks them while the lock is still held.
  const int duplicate = ::dup(descriptor_);
  if (duplicate < 0 || (::close(duplicate) != 0 && errno != EINTR)) {
    return Failed(name_, "write", errno);
  }
  Result<void> published;
  const std::string partial = target_ + kPartial;
  if (!target_.empty() && std::rename(partial.c_str(), target_.c_str()) != 0) {
    published = Failed(name_, "rename " + partial + " to it", errno);
    published.error().remedy = "rename it yourself, it is complete";
  }
  ::close(std::exchange(descriptor_, -1));
  return published;
}

}  // namespace thresh
