// The part of checkpoint.h that reads and writes files.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/folder.h"
#include "io/new_file.h"
#include "io/read.h"
#include "io/system_call.h"
#include "io/trust.h"
#include "kinesis/checkpoint.h"
#include "kinesis/failed.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {
namespace {

constexpr uint64_t kSampleBytes = 64 << 10;
constexpr size_t kMaxFileBytes = size_t{64} << 20;
constexpr mode_t kPrivate = 0600;
constexpr const char* kOtherName = "remove it, or name another file";

tl::unexpected<Error> SystemFailure(const std::string& path) {
  return Failed(ErrorCode::kIo, std::strerror(errno), {}, path);
}

// Appends `size` bytes of the input, starting at `offset`.
Result<void> Sample(const Descriptor& file, uint64_t offset, uint64_t size,
                    const std::string& path, std::string* out) {
  std::vector<uint8_t> bytes(size);
  const std::optional<size_t> got = ReadAt(file.number(), offset, bytes);
  if (!got) return SystemFailure(path);
  if (*got < size) {
    return Failed(ErrorCode::kIo, "file shrank while it was read",
                  "let no other program write to it at the same time", path);
  }
  *out += AsText(bytes);
  return {};
}

// Identifies the content of `input`.
Result<std::string> IdentifyInput(const std::string& input) {
  struct stat status{};
  if (input == "-" ||
      (stat(input.c_str(), &status) == 0 && !S_ISREG(status.st_mode))) {
    return Failed(ErrorCode::kInvalidArgument,
                  "can be read only once, so a checkpoint cannot be used",
                  "put it into a file, or omit --checkpoint", input);
  }
  const Descriptor file = OpenToRead(input);
  if (!file.is_open() || fstat(file.number(), &status) != 0) {
    return SystemFailure(input);
  }
  const auto size = static_cast<uint64_t>(status.st_size);
  const uint64_t part = std::min(size, kSampleBytes);
  std::string samples;
  Result<void> read = Sample(file, 0, part, input, &samples);
  if (read) read = Sample(file, size - part, part, input, &samples);
  if (!read) return tl::unexpected(read.error());
  return fmt::format("{} {}\n", size, DigestOf(samples));
}

// Opens `path`, which may be a file that an earlier run of this user left. The
// result is not open if the file does not exist.
Result<Descriptor> OpenOwn(const std::string& path) {
  const auto refused = [&path](const struct stat& status) {
    const char* why = WhyNotOurs(status, /*or_root=*/true);
    return why == nullptr ? Result<void>()
                          : Failed(ErrorCode::kInvalidArgument,
                                   std::string("cannot be used: it ") + why,
                                   kOtherName, path);
  };
  struct stat status{};
  // Checked before opening: opening a pipe is visible to its other end.
  if (lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return Descriptor();
    return SystemFailure(path);
  }
  if (Result<void> ok = refused(status); !ok) return tl::unexpected(ok.error());
  Descriptor file = OpenToRead(path, O_NOFOLLOW | O_NONBLOCK);
  if (!file.is_open()) {
    if (errno == ENOENT) return file;
    return SystemFailure(path);
  }
  if (fstat(file.number(), &status) != 0) return SystemFailure(path);
  if (Result<void> ok = refused(status); !ok) return tl::unexpected(ok.error());
  return file;
}

// The lock file, created if it does not exist.
Result<Descriptor> OpenLock(const std::string& name) {
  while (true) {
    Descriptor made(Uninterrupted([&name] {
      return open(name.c_str(),
                  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivate);
    }));
    if (made.is_open()) return made;
    if (errno != EEXIST) return SystemFailure(name);
    Result<Descriptor> found = OpenOwn(name);
    if (!found || found->is_open()) return found;
  }
}

}  // namespace

// The MD5 of `text`: the hash key of a record with that partition key.
std::string DigestOf(std::string_view text) {
  const HashKey digest =
      EffectiveHashKey(text, std::nullopt).value_or(HashKey());
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

Result<std::string> IdentifyInputs(const std::vector<std::string>& inputs) {
  std::string all;
  for (const std::string& input : inputs) {
    const Result<std::string> identity = IdentifyInput(input);
    if (!identity) return identity;
    all += *identity;
  }
  return DigestOf(all);
}

Result<std::optional<Checkpoint>> LoadCheckpoint(const std::string& path) {
  const Result<Descriptor> file = OpenOwn(path);
  if (!file) return tl::unexpected(file.error());
  if (!file->is_open()) return std::nullopt;
  const std::optional<std::string> text =
      ReadToEnd(file->number(), kMaxFileBytes);
  if (!text) return SystemFailure(path);
  if (text->size() > kMaxFileBytes) {
    return Failed(ErrorCode::kInvalidArgument,
                  "cannot be a checkpoint of thresh replay",
                  "name another file", path);
  }
  Result<Checkpoint> checkpoint = ParseCheckpoint(*text, path);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  return std::move(*checkpoint);
}

Result<void> SaveCheckpoint(const Checkpoint& checkpoint,
                            const std::string& path) {
  Result<NewFile> file = NewFile::Create(path);
  if (!file) return tl::unexpected(std::move(file.error()));
  const std::string text = ToText(checkpoint);
  Result<void> saved = file->Write(AsBytes(text));
  if (saved) saved = file->Complete(Durability::kSynced, kPrivate);
  if (saved) saved = file->Publish(Durability::kSynced);
  return saved;
}

Result<std::unique_ptr<CheckpointLock>> CheckpointLock::Take(
    const std::string& path) {
  const std::string name = path + ".lock";
  const Descriptor folder = OpenFolderOf(name);
  if (!folder.is_open()) return SystemFailure(name);
  while (true) {
    Result<Descriptor> file = OpenLock(name);
    if (!file) return tl::unexpected(std::move(file.error()));
    const int number = file->number();
    if (Uninterrupted([number] { return flock(number, LOCK_EX | LOCK_NB); }) !=
            0 &&
        errno == EWOULDBLOCK) {
      return Failed(ErrorCode::kIo, "another run is using it",
                    "wait until it has ended, or name another file", path);
    }
    // The previous holder removes the file when it ends, possibly only now.
    if (IsNamed(number, folder, NameIn(name))) {
      return std::unique_ptr<CheckpointLock>(
          new CheckpointLock(name, *std::move(file)));
    }
  }
}

CheckpointLock::~CheckpointLock() {
  static_cast<void>(Uninterrupted([this] { return unlink(path_.c_str()); }));
}

}  // namespace thresh::kinesis
