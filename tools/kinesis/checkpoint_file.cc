// The side of checkpoint.h that reads and writes files.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "kinesis/checkpoint.h"
#include "kinesis/failed.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {
namespace {

constexpr uint64_t kSampleBytes = 64 << 10;
constexpr off_t kMostFileBytes = off_t{64} << 20;

class File {
 public:
  File(const std::string& path, int flags)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

tl::unexpected<Error> SystemFailure(const std::string& path) {
  return Failed(ErrorCode::kIo, std::strerror(errno), {}, path);
}

// What is there of `size` bytes from `offset` on; a file that cannot be read
// there says nothing.
std::string Sample(const File& file, uint64_t offset, uint64_t size) {
  std::string bytes(size, '\0');
  const ssize_t got =
      pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
  bytes.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return bytes;
}

Result<void> WriteAll(const File& file, std::string_view text,
                      const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemFailure(path);
    text.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(file.get()) != 0) return SystemFailure(path);
  return {};
}

}  // namespace

// The MD5 of `text`: it is the hash key of a record with that partition key.
std::string DigestOf(std::string_view text) {
  const HashKey digest =
      EffectiveHashKey(text, std::nullopt).value_or(HashKey());
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

Result<std::string> IdentifyInputs(const std::vector<std::string>& inputs) {
  std::string all;
  for (const std::string& input : inputs) {
    struct stat status{};
    if (input == "-" ||
        (stat(input.c_str(), &status) == 0 && !S_ISREG(status.st_mode))) {
      return Failed(ErrorCode::kInvalidArgument,
                    "can be read only once, so a checkpoint is of no use",
                    "put it into a file, or leave --checkpoint out", input);
    }
    const File file(input, O_RDONLY);
    const auto size = static_cast<uint64_t>(status.st_size);
    const uint64_t head = std::min(size, kSampleBytes);
    all += fmt::format(
        "{} {}\n", size,
        file.is_open()
            ? DigestOf(Sample(file, 0, head) + Sample(file, size - head, head))
            : "unreadable");
  }
  return DigestOf(all);
}

Result<std::optional<Checkpoint>> LoadCheckpoint(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return SystemFailure(path);
  }
  if (!S_ISREG(status.st_mode) || status.st_size > kMostFileBytes) {
    return Failed(ErrorCode::kInvalidArgument,
                  "cannot be a checkpoint of thresh replay",
                  "name another file", path);
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return SystemFailure(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Result<Checkpoint> checkpoint = ParseCheckpoint(text, path);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  return std::move(*checkpoint);
}

Result<void> SaveCheckpoint(const Checkpoint& checkpoint,
                            const std::string& path) {
  const std::string partial = path + ".partial";
  {
    const File file(partial, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open()) return SystemFailure(partial);
    if (Result<void> written = WriteAll(file, ToText(checkpoint), partial);
        !written) {
      return written;
    }
  }
  if (std::rename(partial.c_str(), path.c_str()) != 0) {
    return SystemFailure(path);
  }
  // The name, too, must outlive the machine's fall.
  const std::filesystem::path parent =
      std::filesystem::path(path).parent_path();
  const File directory(parent.empty() ? "." : parent.string(),
                       O_RDONLY | O_DIRECTORY);
  if (directory.is_open()) static_cast<void>(fsync(directory.get()));
  return {};
}

Result<std::unique_ptr<CheckpointLock>> CheckpointLock::Take(
    const std::string& path) {
  const std::string name = path + ".lock";
  while (true) {
    const int descriptor =
        open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) return SystemFailure(name);
    std::unique_ptr<CheckpointLock> lock(new CheckpointLock(name, descriptor));
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      lock->path_.clear();  // the file is that run's
      return Failed(ErrorCode::kIo, "another run goes on from there right now",
                    "wait until it has ended, or name another file", path);
    }
    // Whoever had the lock removes the file at the end, perhaps only now.
    struct stat locked{};
    struct stat named{};
    if (fstat(descriptor, &locked) == 0 && stat(name.c_str(), &named) == 0 &&
        locked.st_dev == named.st_dev && locked.st_ino == named.st_ino) {
      return lock;
    }
    lock->path_.clear();
  }
}

CheckpointLock::~CheckpointLock() {
  if (!path_.empty()) unlink(path_.c_str());
  close(descriptor_);
}

}  // namespace thresh::kinesis
