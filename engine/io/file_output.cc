// Plain writev(2): the data is in large buffers or in the mapped input, and
// stdio would copy it again.
#include "io/file_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "io/system_call.h"
#include "io/trust.h"
#include "io/write_error.h"

namespace thresh {
namespace {

// As many as the kernel accepts at a time (UIO_MAXIOV).
constexpr size_t kMaxPieces = 1024;

// Pipes, sockets and terminals.
bool HasReader(int descriptor) {
  struct stat status;
  return ::fstat(descriptor, &status) == 0 &&
         (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ||
          ::isatty(descriptor) == 1);
}

// Waits until a descriptor that another program made non-blocking is writable.
void AwaitRoom(int descriptor) {
  struct pollfd wanted = {.fd = descriptor, .events = POLLOUT, .revents = 0};
  ::poll(&wanted, 1, -1);
}

// The system call does not write to it.
iovec PieceOf(Bytes bytes) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return {.iov_base = const_cast<uint8_t*>(bytes.data()),
          .iov_len = bytes.size()};
}

// The rest of `pieces` after their first `written` bytes.
std::span<iovec> After(size_t written, std::span<iovec> pieces) {
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

Durability DurabilityOf(bool sync) {
  return sync ? Durability::kSynced : Durability::kNone;
}

}  // namespace

bool IsStandardOutput(std::string_view path) {
  constexpr std::string_view kNames[] = {"-", "/dev/stdout", "/dev/fd/1",
                                         "/proc/self/fd/1"};
  return std::ranges::find(kNames, path) != std::end(kNames);
}

FileOutput::FileOutput(std::string name, Durability durability,
                       std::optional<NewFile> file, Descriptor direct)
    : name_(std::move(name)),
      durability_(durability),
      file_(std::move(file)),
      direct_(std::move(direct)),
      has_reader_(HasReader(descriptor())) {}

int FileOutput::descriptor() const {
  return file_.has_value() ? file_->descriptor() : direct_.number();
}

Result<FileOutput> FileOutput::Open(const std::string& path,
                                    const OutputOptions& options,
                                    LinkPolicy links) {
  const Durability durability = DurabilityOf(options.sync);
  if (path.empty()) {
    return tl::unexpected(InvalidArgument(
        "the output has no name", "name a file, or - for standard output"));
  }
  if (IsStandardOutput(path)) {
    const std::string name = "standard output";
    Descriptor direct(Uninterrupted(
        [] { return ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3); }));
    if (!direct.is_open()) return WriteError(name, "write", errno);
    return FileOutput(name, durability, std::nullopt, std::move(direct));
  }
  Result<Place> place = Find(path, links);
  if (!place) return tl::unexpected(std::move(place.error()));
  if (place->is_file) {
    Result<NewFile> file = NewFile::Create(place->target);
    if (!file) return tl::unexpected(std::move(file.error()));
    return FileOutput(path, durability, *std::move(file), Descriptor());
  }
  Descriptor direct(Uninterrupted([&path] {
    return ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  }));
  if (!direct.is_open()) return WriteError(path, "open for writing", errno);
  struct stat status;
  if (::fstat(direct.number(), &status) != 0 || S_ISREG(status.st_mode)) {
    return RefusedFile(path, "was replaced while it was opened",
                       "let no other program change it, and run again");
  }
  return FileOutput(path, durability, std::nullopt, std::move(direct));
}

// What `path` names, and whether it is, or will be, a regular file.
Result<FileOutput::Place> FileOutput::Find(const std::string& path,
                                           LinkPolicy links) {
  struct stat status;
  if (links == LinkPolicy::kReplace && ::lstat(path.c_str(), &status) == 0 &&
      S_ISLNK(status.st_mode)) {
    return Place{.target = path, .is_file = true};
  }
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) return WriteError(path, "write", errno);
  if (exists && S_ISDIR(status.st_mode)) {
    return WriteError(path, "write", EISDIR);
  }
  if (exists && !S_ISREG(status.st_mode)) {
    if (Result<void> ok = CheckPipe(path, status); !ok) {
      return tl::unexpected(std::move(ok.error()));
    }
    return Place{.target = path, .is_file = false};
  }
  Result<std::string> target = FollowLinks(path);
  if (!target) return tl::unexpected(std::move(target.error()));
  return Place{.target = *std::move(target), .is_file = true};
}

Result<void> FileOutput::Try(const std::string& path, LinkPolicy links) {
  if (IsStandardOutput(path)) return {};
  const Result<Place> place = Find(path, links);
  if (!place) return tl::unexpected(place.error());
  // Opening a pipe and closing it again would end it for its reader.
  if (!place->is_file) return {};
  return NewFile::Try(place->target);
}

Result<void> FileOutput::Withdraw(const std::string& path,
                                  const std::string& suffix, bool sync) {
  if (path.empty() || IsStandardOutput(path)) return {};
  const Result<Place> place = Find(path, LinkPolicy::kFollow);
  if (!place) return tl::unexpected(place.error());
  if (!place->is_file) return {};
  return RemoveName(place->target + suffix, DurabilityOf(sync));
}

Result<void> FileOutput::Write(const OutputBuffer& pieces) {
  std::array<iovec, kMaxPieces> vectors;
  size_t count = 0;
  Result<void> written;
  pieces.ForEachPiece([&](Bytes bytes) {
    if (!written) return;
    vectors[count++] = PieceOf(bytes);
    if (count < vectors.size()) return;
    written = WriteAll(vectors);
    count = 0;
  });
  return written ? WriteAll(std::span(vectors).first(count)) : written;
}

// Modifies `pieces`.
Result<void> FileOutput::WriteAll(std::span<iovec> pieces) {
  while (!pieces.empty()) {
    const ssize_t written =
        ::writev(descriptor(), pieces.data(), static_cast<int>(pieces.size()));
    if (written >= 0) {
      pieces = After(static_cast<size_t>(written), pieces);
    } else if (errno == EAGAIN) {
      AwaitRoom(descriptor());
    } else if (errno != EINTR) {
      return WriteError(name_, "write", errno);
    }
  }
  return {};
}

Result<void> FileOutput::Complete() {
  completed_ = Store();
  return *completed_;
}

// A second attempt might succeed after the first has lost bytes.
Result<void> FileOutput::Store() {
  if (file_.has_value()) return file_->Complete(durability_);
  const int duplicate = Uninterrupted(
      [this] { return ::fcntl(direct_.number(), F_DUPFD_CLOEXEC, 0); });
  if (duplicate < 0 || (::close(duplicate) != 0 && errno != EINTR)) {
    return WriteError(name_, "write", errno);
  }
  return {};
}

Result<void> FileOutput::Commit() {
  return Publish("").map([](const std::string&) {});
}

Result<std::string> FileOutput::CommitIncomplete() {
  return Publish(std::string(kIncompleteSuffix));
}

// Publishes PATH with `suffix` after it. Returns the file's name; empty if
// there is nothing to publish.
Result<std::string> FileOutput::Publish(const std::string& suffix) {
  const Result<void> stored = completed_.has_value() ? *completed_ : Complete();
  if (!stored) return tl::unexpected(stored.error());
  if (!file_.has_value()) {
    direct_.Close();
    return "";
  }
  Result<void> published = file_->Publish(durability_, suffix);
  if (!published) return tl::unexpected(std::move(published.error()));
  return file_->target() + suffix;
}

}  // namespace thresh
